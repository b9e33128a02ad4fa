/** Rows divided into folds, the classes alike in each. */
import { permutation, stream } from '../../random/random.ts';

/** How the rows are divided. */
export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** Rows with the same number stay together: near-duplicates would vouch for each other. */
  readonly groups?: ArrayLike<number> | undefined;
}

/**
 * The fold of each row, 0 … folds − 1.
 * @param labels class of each row
 */
export function divideIntoFolds(
  labels: ArrayLike<number>,
  { folds, seed, groups }: FoldOptions,
): Int32Array<ArrayBuffer> {
  const foldOf = new Int32Array(labels.length);
  const next = new Map<number, number>();
  const ofGroup = new Map<number, number>();
  for (const row of permutation(labels.length, stream(seed, 'folds'))) {
    const known = groups === undefined ? undefined : ofGroup.get(groups[row]);
    const turn = next.get(labels[row]) ?? 0;
    foldOf[row] = known ?? turn % folds;
    if (known === undefined) next.set(labels[row], turn + 1);
    if (groups !== undefined) ofGroup.set(groups[row], foldOf[row]);
  }
  return foldOf;
}
