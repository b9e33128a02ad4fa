/**
 * Finds 64-bit hashes within a few bits of another (multi-index hashing; Norouzi, Punjani and Fleet, "Fast Search in
 * Hamming Space with Multi-Index Hashing", 2012): of four parts of 16 bits at least one differs in no more than a
 * quarter of the bits, so only the buckets around each part are looked at.
 */
import { differingBits } from '../measure/perceptual-hash.ts';

const parts = 4;
const buckets = 1 << 16;
/** Bits by which a part may differ. */
const partRadius = 2;
/** Everything up to this distance is found for certain. */
export const certainDistance = parts * (partRadius + 1) - 1;

/** All 16-bit numbers with few bits set, the empty one first. */
const masks = Int32Array.from(
  Array.from({ length: buckets }, (_, mask) => mask)
    .filter((mask) => differingBits(mask, 0) <= partRadius)
    .sort((a, b) => differingBits(a, 0) - differingBits(b, 0)),
);

/** An index over hashes of two 32-bit words each. */
export class HashIndex {
  readonly #words: Int32Array;
  readonly #starts: Int32Array[] = [];
  readonly #entries: Int32Array[] = [];

  /** @param words hash k is words 2k and 2k + 1 */
  constructor(words: Int32Array) {
    this.#words = words;
    const count = words.length >> 1;
    for (let part = 0; part < parts; part++) {
      const starts = new Int32Array(buckets + 1);
      for (let k = 0; k < count; k++) starts[this.#part(k, part) + 1]++;
      for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1] += starts[bucket];
      const next = starts.slice();
      const entries = new Int32Array(count);
      for (let k = 0; k < count; k++) entries[next[this.#part(k, part)]++] = k;
      this.#starts.push(starts);
      this.#entries.push(entries);
    }
  }

  #part(k: number, part: number): number {
    return (this.#words[2 * k + (part >> 1)] >>> (16 * (part & 1))) & 0xffff;
  }

  /**
   * Calls `found` for every hash within `distance` of the one given, some of them more than once.
   * @param distance beyond `certainDistance` most are found, but not all
   */
  search(first: number, second: number, distance: number, found: (k: number, bits: number) => void): void {
    const words = this.#words;
    for (let part = 0; part < parts; part++) {
      const value = ((part < 2 ? first : second) >>> (16 * (part & 1))) & 0xffff;
      const starts = this.#starts[part];
      const entries = this.#entries[part];
      for (const mask of masks) {
        const bucket = value ^ mask;
        for (let at = starts[bucket], end = starts[bucket + 1]; at < end; at++) {
          const k = entries[at];
          const bits = differingBits(words[2 * k], first) + differingBits(words[2 * k + 1], second);
          if (bits <= distance) found(k, bits);
        }
      }
    }
  }
}
