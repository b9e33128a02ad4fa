/** Probabilities that never saw the label they are to judge: each row is predicted by a model trained on the others. */
import { permutation, stream } from '../../../core/random/random.ts';
import { type FeatureRows, trainRegression } from './softmax-regression.ts';

/** How the rows are divided. */
export interface FoldOptions {
  readonly classes: number;
  readonly seed: number;
  readonly folds?: number;
  /** Rows with the same number are never divided: near-duplicates would vouch for each other. */
  readonly groups?: ArrayLike<number> | undefined;
}

/**
 * Out-of-fold probabilities.
 * @param labels class of each row
 * @param onProgress called after each fold; throwing ends the work
 * @returns `rows × classes` probabilities
 */
export function outOfFold(
  features: FeatureRows,
  labels: ArrayLike<number>,
  { classes, seed, folds = 5, groups }: FoldOptions,
  onProgress: (done: number, total: number) => void = () => undefined,
): Float32Array {
  const count = labels.length;
  const foldOf = divide(labels, folds, seed, groups);
  const result = new Float32Array(count * classes);
  const output = new Float64Array(classes);
  for (let fold = 0; fold < folds; fold++) {
    const training = Int32Array.from(foldOf.keys()).filter((row) => foldOf[row] !== fold);
    const model = trainRegression(features, training, labels, { classes, seed: seed + fold });
    for (let row = 0; row < count; row++) {
      if (foldOf[row] !== fold) continue;
      model.predict(features, row, output);
      result.set(output, row * classes);
    }
    onProgress(fold + 1, folds);
  }
  return result;
}

/** Folds with the classes alike in each. */
function divide(
  labels: ArrayLike<number>,
  folds: number,
  seed: number,
  groups: ArrayLike<number> | undefined,
): Int32Array {
  const foldOf = new Int32Array(labels.length).fill(-1);
  const order = permutation(labels.length, stream(seed, 'folds'));
  const next = new Map<number, number>();
  const ofGroup = new Map<number, number>();
  for (const row of order) {
    const known = groups === undefined ? undefined : ofGroup.get(groups[row]);
    const turn = next.get(labels[row]) ?? 0;
    foldOf[row] = known ?? turn % folds;
    if (known === undefined) next.set(labels[row], turn + 1);
    if (groups !== undefined) ofGroup.set(groups[row], foldOf[row]);
  }
  return foldOf;
}
