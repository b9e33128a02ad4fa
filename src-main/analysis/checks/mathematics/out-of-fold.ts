/** Probabilities that never saw the label they are to judge: each row is predicted by a model trained on the others. */
import { runAtOnce } from '../../../core/jobs/in-pieces.ts';
import { crossValidate } from '../../../core/statistics/logistic-regression/choose-strength.ts';
import type { FeatureMatrix } from '../../../core/statistics/logistic-regression/standardisation.ts';

/** How the rows are divided. */
export interface FoldOptions {
  readonly classes: number;
  readonly seed: number;
  /** Rows with the same number are never divided: near-duplicates would vouch for each other. */
  readonly groups?: ArrayLike<number> | undefined;
}

/**
 * Out-of-fold probabilities of a logistic regression in five folds, as strongly regularised as its loss on the rows
 * left out asks for: wrong labels that a weak one would learn by heart stay visible.
 * @param labels class of each row
 * @param onProgress called after each step; throwing ends the work
 * @returns `rows × classes` probabilities; all alike where a class has a single row
 */
export function outOfFold(
  features: FeatureMatrix,
  labels: ArrayLike<number>,
  { classes, seed, groups }: FoldOptions,
  onProgress: (done: number, total: number) => void = () => undefined,
): Float32Array {
  const rows = Int32Array.from({ length: labels.length }, (_, row) => row);
  const found = runAtOnce(crossValidate({ features, rows, labels, classes }, { seed, groups, onProgress }));
  return found?.probabilities ?? new Float32Array(labels.length * classes).fill(1 / classes);
}
