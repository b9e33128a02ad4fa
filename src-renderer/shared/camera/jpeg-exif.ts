/** What cameras write into their photos: when it was taken, and with what. Pages' canvases leave it out. */

/** When and with what. */
export interface ShotNote {
  /** The local time is written, as cameras do. */
  readonly takenAt: Date;
  readonly camera: string;
}

const ascii = 2;
const long = 4;
const headerBytes = 8;
const entryBytes = 12;

interface Entry {
  readonly tag: number;
  readonly kind: typeof ascii | typeof long;
  readonly value: string | number;
}

/** `2026:11-23 …` as EXIF wants it: colons in the date as well. */
function exifTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())];
  return `${date.join(':')} ${[two(time.getHours()), two(time.getMinutes()), two(time.getSeconds())].join(':')}`;
}

/** A table of tags, little endian, with the texts behind it. @param offset where it begins in the block */
function writeTable(entries: readonly Entry[], offset: number): Uint8Array {
  const tableBytes = 2 + entries.length * entryBytes + 4;
  const texts = entries.map(({ value }) =>
    typeof value === 'string' ? new TextEncoder().encode(`${value}\0`) : new Uint8Array(0),
  );
  const total =
    tableBytes + texts.reduce((sum, { length }) => sum + (length > 4 ? length + (length % 2) : 0), 0);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, entries.length, true);
  let end = tableBytes;
  entries.forEach(({ tag, kind, value }, i) => {
    const at = 2 + i * entryBytes;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, kind, true);
    view.setUint32(at + 4, typeof value === 'string' ? texts[i].length : 1, true);
    if (typeof value === 'number') view.setUint32(at + 8, value, true);
    else if (texts[i].length <= 4) bytes.set(texts[i], at + 8);
    else {
      view.setUint32(at + 8, offset + end, true);
      bytes.set(texts[i], end);
      end += texts[i].length + (texts[i].length % 2);
    }
  });
  return bytes;
}

/** The APP1 segment that carries it (CIPA DC-008, Exif 2.3). */
function exifSegment({ takenAt, camera }: ShotNote): Uint8Array {
  // EXIF texts are ASCII; names of cameras are not always.
  const model =
    camera
      .replace(/[^\x20-\x7e]/g, '')
      .trim()
      .slice(0, 60) || 'Webcam';
  const table = (pointer: number): Uint8Array =>
    writeTable(
      [
        { tag: 0x0110, kind: ascii, value: model },
        { tag: 0x8769, kind: long, value: pointer },
      ],
      headerBytes,
    );
  const pointer = headerBytes + table(0).length;
  const photo = writeTable(
    [
      { tag: 0x9003, kind: ascii, value: exifTime(takenAt) },
      { tag: 0x9291, kind: ascii, value: String(takenAt.getMilliseconds()).padStart(3, '0') },
    ],
    pointer,
  );
  const mark = new TextEncoder().encode('Exif\0\0');
  const header = [0x49, 0x49, 42, 0, headerBytes, 0, 0, 0];
  const body = new Uint8Array([...mark, ...header, ...table(pointer), ...photo]);
  const length = body.length + 2;
  return new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff, ...body]);
}

/** A JPEG with the note in it; anything else comes back as it is. */
export async function withShotNote(picture: Blob, note: ShotNote): Promise<Blob> {
  const start = new Uint8Array(await picture.slice(0, 2).arrayBuffer());
  if (start[0] !== 0xff || start[1] !== 0xd8) return picture;
  const segment = exifSegment(note);
  return new Blob([start, segment as Uint8Array<ArrayBuffer>, picture.slice(2)], { type: 'image/jpeg' });
}
