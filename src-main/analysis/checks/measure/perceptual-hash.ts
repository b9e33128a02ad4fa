/**
 * 64-bit perceptual hashes from the lowest frequencies of a picture (DCT; Zauner, "Implementation and Benchmarking of
 * Perceptual Image Hash Functions", 2010), of the whole picture as it is, turned and mirrored, and of windows in it, so
 * that a cropped copy is found by the window it was cut from.
 */

import { type Orientation, orientations } from './orientation.ts';

/** Side of the grey picture that hashes are made of. */
export const greySide = 32;
const frequencies = 8;

/** A part of a picture: left, top, right, bottom, as fractions of its sides. */
export type Window = readonly [left: number, top: number, right: number, bottom: number];

function squares(side: number, offsets: readonly (readonly [number, number])[]): Window[] {
  return offsets.map(([x, y]) => [x, y, x + side, y + side]);
}

/** Corners of squares: so many a side, from edge to edge of the room, and one between each four. */
function places(room: number, aSide: number): (readonly [number, number])[] {
  const step = room / (aSide - 1);
  const grid = (from: number, count: number) =>
    Array.from(
      { length: count * count },
      (_, at) => [from + step * (at % count), from + step * Math.floor(at / count)] as const,
    );
  return [...grid(0, aSide), ...grid(step / 2, aSide - 1)];
}

/** The windows that are hashed, the whole picture first. */
export const windows: readonly Window[] = [
  [0, 0, 1, 1],
  ...squares(0.92, places(0.08, 2)),
  ...squares(0.82, places(0.18, 3)),
  ...squares(0.7, places(0.3, 4)),
  [0, 0, 1, 0.86],
  [0, 0.14, 1, 1],
  [0, 0, 0.86, 1],
  [0.14, 0, 1, 1],
];

/** Numbers of 32 bits per picture: two for each orientation of the whole, then two for each window. */
export const hashWords = 2 * (orientations.length + windows.length);

/** How much each of the 32 places counts for each frequency of a stretch of them, `frequencies × greySide`. */
type Transform = Float64Array;

/** DCT-II of a stretch from `start` to `end`, which is first brought to the full side by linear interpolation. */
function transformOf(start: number, end: number): Transform {
  const transform = new Float64Array(frequencies * greySide);
  for (let place = 0; place < greySide; place++) {
    const { at, share } = sourceOf(place, start, end);
    for (let frequency = 0; frequency < frequencies; frequency++) {
      const cosine = Math.cos((Math.PI * frequency * (2 * place + 1)) / (2 * greySide));
      transform[frequency * greySide + at] += cosine * (1 - share);
      transform[frequency * greySide + at + 1] += cosine * share;
    }
  }
  return transform;
}

/** Which places a place of a stretched window comes from: `at`, and `share` of the one after it. */
export function sourceOf(place: number, start: number, end: number): { at: number; share: number } {
  const exact = (start + ((end - start) * (place + 0.5)) / greySide) * greySide - 0.5;
  const clamped = Math.min(greySide - 1, Math.max(0, exact));
  const at = Math.min(greySide - 2, Math.floor(clamped));
  return { at, share: clamped - at };
}

/** Windows that lie between the same two columns share the first half of the work. */
const columns = [...Map.groupBy(windows, ([left, , right]) => `${left}/${right}`).values()].map(
  (members) => ({
    transform: transformOf(members[0][0], members[0][2]),
    windows: members.map((window) => ({
      at: windows.indexOf(window),
      transform: transformOf(window[1], window[3]),
    })),
  }),
);

/**
 * All hashes of a grey picture.
 * @param grey `greySide²` values, row by row
 */
export function hashGrey(grey: Uint8Array): Int32Array {
  const words = new Int32Array(hashWords);
  for (const column of columns) {
    const rows = transformRows(grey, column.transform);
    for (const { at, transform } of column.windows) {
      const coefficients = transformColumns(rows, transform);
      if (at === 0) {
        orientations.forEach((orientation, place) =>
          writeHash(turned(coefficients, orientation), words, 2 * place),
        );
      }
      writeHash(coefficients, words, 2 * (orientations.length + at));
    }
  }
  return words;
}

/** Each row's frequencies, `greySide × frequencies`. */
function transformRows(grey: Uint8Array, transform: Transform): Float64Array {
  const rows = new Float64Array(greySide * frequencies);
  for (let y = 0; y < greySide; y++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let x = 0; x < greySide; x++) sum += grey[y * greySide + x] * transform[u * greySide + x];
      rows[y * frequencies + u] = sum;
    }
  }
  return rows;
}

/** The 8×8 lowest coefficients of the two-dimensional DCT-II, unscaled. */
function transformColumns(rows: Float64Array, transform: Transform): Float64Array {
  const result = new Float64Array(frequencies * frequencies);
  for (let v = 0; v < frequencies; v++) {
    for (let y = 0; y < greySide; y++) {
      const weight = transform[v * greySide + y];
      if (weight === 0) continue;
      for (let u = 0; u < frequencies; u++) result[v * frequencies + u] += rows[y * frequencies + u] * weight;
    }
  }
  return result;
}

/** Mirroring a picture changes the sign of its odd frequencies in that direction; its sides exchange theirs. */
function turned(coefficients: Float64Array, { transposed, mirroredX, mirroredY }: Orientation): Float64Array {
  return coefficients.map((_, at) => {
    const [u, v] = [at % frequencies, Math.floor(at / frequencies)];
    const value = coefficients[transposed ? u * frequencies + v : at];
    const isOdd = (mirroredX && u % 2 === 1) !== (mirroredY && v % 2 === 1);
    return isOdd ? -value : value;
  });
}

/** One bit a coefficient: above the median or not. The mean brightness is left out of the median. */
function writeHash(coefficients: Float64Array, words: Int32Array, at: number): void {
  const sorted = coefficients.slice(1).sort();
  const median = sorted[sorted.length >> 1];
  for (let i = 1; i < coefficients.length; i++) {
    if (coefficients[i] > median) words[at + (i >> 5)] |= 1 << (i & 31);
  }
}

/** Bits in which two words differ. */
export function differingBits(a: number, b: number): number {
  let bits = a ^ b;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
