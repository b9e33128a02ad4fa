/** The directories of a TIFF (TIFF 6.0, section 2; BigTIFF): what its pixels are, before anything is decoded. */

/** Values of the tags of one directory; only numbers, and of long lists the beginning. */
export type TiffDirectory = ReadonlyMap<number, readonly number[]>;

/** Tags that are asked for. */
export const tiffTags = {
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  maxSampleValue: 281,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  largestValue: 341,
  profile: 34675,
  dngVersion: 50706,
} as const;

const maxDirectories = 64;
const maxEntries = 512;
const maxValues = 16;
/** Bytes of one value by its type; types that are not read left out. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 7: 1, 11: 4, 12: 8, 13: 4, 16: 8, 18: 8 };

/** The directories of a TIFF, those in directories last; what leads outside of the file is left out. */
export function readTiffDirectories(bytes: Uint8Array): TiffDirectory[] {
  const reader = new TiffReader(bytes);
  const found: TiffDirectory[] = [];
  const open = reader.start();
  const seen = new Set<number>();
  while (open.length > 0 && found.length < maxDirectories) {
    const at = open.shift()!;
    if (at === 0 || seen.has(at)) continue;
    seen.add(at);
    const directory = reader.directory(at);
    if (directory === null) continue;
    found.push(directory.tags);
    open.push(directory.next, ...(directory.tags.get(tiffTags.subDirectories) ?? []));
  }
  return found;
}

class TiffReader {
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #big: boolean;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = bytes[0] === 0x49;
    this.#big = bytes.length >= 16 && this.#number(2, 2) === 43;
  }

  start(): number[] {
    if (this.#view.byteLength < 16) return [];
    return [this.#big ? this.#number(8, 8) : this.#number(4, 4)];
  }

  directory(at: number): { tags: TiffDirectory; next: number } | null {
    const [countBytes, entryBytes, wordBytes] = this.#big ? [8, 20, 8] : [2, 12, 4];
    if (!this.#holds(at, countBytes)) return null;
    const count = this.#number(at, countBytes);
    const end = at + countBytes + count * entryBytes;
    if (count > maxEntries || !this.#holds(at, end - at)) return null;
    const tags = new Map<number, readonly number[]>();
    for (let entry = at + countBytes; entry < end; entry += entryBytes)
      tags.set(this.#number(entry, 2), this.#values(entry, wordBytes));
    return { tags, next: this.#holds(end, wordBytes) ? this.#number(end, wordBytes) : 0 };
  }

  #values(entry: number, wordBytes: number): number[] {
    const type = this.#number(entry + 2, 2);
    const size = sizes[type] ?? 0;
    const count = this.#number(entry + 4, wordBytes);
    const inline = entry + 4 + wordBytes;
    const at = count * size <= wordBytes ? inline : this.#number(inline, wordBytes);
    const read = Math.min(count, maxValues);
    if (size === 0 || !this.#holds(at, read * size)) return [];
    return Array.from({ length: read }, (_, index) => {
      const place = at + index * size;
      if (type === 11) return this.#view.getFloat32(place, this.#little);
      if (type === 12) return this.#view.getFloat64(place, this.#little);
      return this.#number(place, size);
    });
  }

  #holds(at: number, length: number): boolean {
    return at >= 0 && at + length <= this.#view.byteLength;
  }

  #number(at: number, size: number): number {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, this.#little);
    return size === 4
      ? this.#view.getUint32(at, this.#little)
      : Number(this.#view.getBigUint64(at, this.#little));
  }
}
