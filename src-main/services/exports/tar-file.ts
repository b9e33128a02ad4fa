/** Archives in the form of ustar (POSIX.1-1988), as far as files with short names need it. */
import { open } from 'node:fs/promises';

const block = 512;

function field(header: Uint8Array, offset: number, text: string): void {
  header.set(new TextEncoder().encode(text), offset);
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

/**
 * A file in an archive: its header and its bytes, filled up to whole blocks.
 * @param name of at most 100 letters of ASCII
 */
export function tarEntry(name: string, content: Uint8Array): Uint8Array {
  const entry = new Uint8Array(block + Math.ceil(content.byteLength / block) * block);
  field(entry, 0, name);
  field(entry, 100, octal(0o644, 7));
  field(entry, 108, octal(0, 7));
  field(entry, 116, octal(0, 7));
  field(entry, 124, octal(content.byteLength, 11));
  field(entry, 136, octal(0, 11));
  field(entry, 148, ' '.repeat(8));
  field(entry, 156, '0');
  field(entry, 257, 'ustar\x0000');
  const sum = entry.subarray(0, block).reduce((all, byte) => all + byte, 0);
  field(entry, 148, `${sum.toString(8).padStart(6, '0')}\0 `);
  entry.set(content, block);
  return entry;
}

/** A photo in an archive of WebDataset. */
export interface WebDatasetSample {
  /** What its files are called, without their endings. */
  readonly key: string;
  /** With its dot. */
  readonly ending: string;
  readonly bytes: Uint8Array;
  /** The number of its class, or null: it has no `.cls` then. */
  readonly label: number | null;
  /** Goes into its `.json`. */
  readonly about: object;
}

/** A photo as the files of WebDataset: itself, `.cls`, `.json`. */
export function webDatasetEntries({ key, ending, bytes, label, about }: WebDatasetSample): Buffer {
  return Buffer.concat([
    tarEntry(`${key}${ending}`, bytes),
    ...(label === null ? [] : [tarEntry(`${key}.cls`, Buffer.from(String(label)))]),
    tarEntry(`${key}.json`, Buffer.from(JSON.stringify(about))),
  ]);
}

/** What an archive ends with. */
export const tarEnd = new Uint8Array(2 * block);

/** The files of an archive, in order; one at a time is in memory. */
export async function* readTar(path: string): AsyncGenerator<{ name: string; content: Uint8Array }> {
  const file = await open(path, 'r');
  try {
    const read = async (at: number, bytes: number): Promise<Buffer> =>
      (await file.read(Buffer.alloc(bytes), 0, bytes, at)).buffer;
    for (let at = 0; ;) {
      const header = await read(at, block);
      if (header[0] === 0) return;
      const text = (from: number, to: number): string => header.toString('latin1', from, to).split('\0')[0];
      const bytes = Number.parseInt(text(124, 136), 8);
      yield { name: text(0, 100), content: await read(at + block, bytes) };
      at += block + Math.ceil(bytes / block) * block;
    }
  } finally {
    await file.close();
  }
}
