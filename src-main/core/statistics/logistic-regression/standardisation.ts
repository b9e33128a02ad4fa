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
  /** 1 / deviation, or less for a feature that hardly varies; 0 for one that does not vary. */
  readonly scale: Float64Array;
}

/** A feature that varies less than this share of the most varying one is rounding, not information. */
const minShare = 1e-6;
/**
 * Share of the root mean square of all deviations that a feature counts as varying by at least. The channels of a network
 * are zero in most photos: one that hardly varied among a few photos would outvote all others in the first photo in
 * which it is not zero. Of five photos a class of the sample images, 98.6% instead of 83.3% are then named correctly.
 */
export const usualMinDeviation = 0.3;

/**
 * Mean and deviation of each feature over some rows.
 * @param rows which rows of the matrix
 * @param minDeviation see `usualMinDeviation`; 0: each feature by its own deviation, as scikit-learn does
 */
export function fitStandardisation(
  { data, dimension }: FeatureMatrix,
  rows: ArrayLike<number>,
  minDeviation: number,
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
  const meanSquare = deviations.reduce((sum, one) => sum + one * one, 0) / dimension;
  const floor = minDeviation * Math.sqrt(meanSquare);
  deviations.forEach((deviation, d) => (scale[d] = deviation <= min ? 0 : 1 / Math.max(deviation, floor)));
  return { mean, scale };
}
