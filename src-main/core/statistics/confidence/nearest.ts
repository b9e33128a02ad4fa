/**
 * Distance of a photo from those that a model learnt from, in the space of its features.
 * @see Sun, Ming, Zhu and Li, Out-of-Distribution Detection with Deep Nearest Neighbors (2022)
 */

/** Rows of length 1, one after another. */
export interface ReferenceRows {
  readonly values: Float32Array;
  readonly length: number;
  /** Which neighbour counts: 1 is the nearest. */
  readonly neighbour: number;
}

/** Scales each row to length 1, in place; a row of zeros stays. */
export function normaliseRows(values: Float32Array, length: number): Float32Array {
  for (let start = 0; start < values.length; start += length) {
    let square = 0;
    for (let at = start; at < start + length; at++) square += values[at] ** 2;
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let at = start; at < start + length; at++) values[at] *= scale;
  }
  return values;
}

/**
 * The cosine distance, `1 − cos`, of a row to its neighbour among the reference rows.
 * @param row of length 1
 */
export function neighbourDistance({ values, length, neighbour }: ReferenceRows, row: Float32Array): number {
  const nearest = new Float64Array(Math.min(neighbour, values.length / length)).fill(-Infinity);
  for (let start = 0; start < values.length; start += length) {
    let cosine = 0;
    for (let at = 0; at < length; at++) cosine += values[start + at] * row[at];
    if (cosine <= nearest[0]) continue;
    // Sorted, the farthest of the nearest first.
    let place = 0;
    while (place + 1 < nearest.length && nearest[place + 1] < cosine) {
      nearest[place] = nearest[place + 1];
      place++;
    }
    nearest[place] = cosine;
  }
  return nearest.length === 0 ? 0 : Math.max(0, 1 - nearest[0]);
}
