/** Features with mean 0 and deviation 1, so that one strength of regularisation suits all of them. */

/** Rows of numbers, one after the other. */
export interface FeatureMatrix {
  /** `rows × dimension` values. */
  readonly data: Float32Array;
  readonly dimension: number;
}

/** What turns a feature into a standardised one: `(value − mean) × scale`. */
export interface Standardisation {
  readonly mean: Float64Array;
  /** 1 / deviation; 0 for a feature that does not vary. */
  readonly scale: Float64Array;
}

/** A feature that varies less than this share of the most varying one is rounding, not information. */
const minShare = 1e-6;

/**
 * Mean and deviation of each feature over some rows.
 * @param rows which rows of the matrix
 */
export function fitStandardisation(
  { data, dimension }: FeatureMatrix,
  rows: ArrayLike<number>,
): Standardisation {
  const mean = new Float64Array(dimension);
  const scale = new Float64Array(dimension);
  for (let at = 0; at < rows.length; at++) {
    const offset = rows[at] * dimension;
    for (let d = 0; d < dimension; d++) mean[d] += data[offset + d];
  }
  for (let d = 0; d < dimension; d++) mean[d] /= rows.length;
  for (let at = 0; at < rows.length; at++) {
    const offset = rows[at] * dimension;
    for (let d = 0; d < dimension; d++) scale[d] += (data[offset + d] - mean[d]) ** 2;
  }
  const deviations = scale.map((squares) => Math.sqrt(squares / rows.length));
  const min = minShare * deviations.reduce((largest, one) => Math.max(largest, one), 0);
  deviations.forEach((deviation, d) => (scale[d] = deviation <= min ? 0 : 1 / deviation));
  return { mean, scale };
}
