/** How strongly to regularise: the strength whose loss on rows that were not learnt from is lowest. */
import type { Work } from '../../jobs/in-pieces.ts';
import { divideIntoFolds } from './folds.ts';
import {
  type FittedRegression,
  type HoldRows,
  type LabelledRows,
  type LinearClassifier,
  RegressionProblem,
  predictRow,
} from './logistic-regression.ts';

/** One strength that was tried. */
export interface TriedStrength {
  readonly strength: number;
  /** Mean cross-entropy on rows that were not learnt from. */
  readonly loss: number;
}

/** What trying the strengths showed. */
export interface StrengthChoice {
  readonly strength: number;
  /** Strongest first. */
  readonly tried: readonly TriedStrength[];
  /** Probabilities of each judged row with that strength, in the order of the rows: `rows × classes`. Others have 0. */
  readonly probabilities: Float32Array;
}

/** A regression with the strength that was chosen for it. */
export interface ChosenRegression extends FittedRegression {
  readonly strength: number;
  /** Strongest first; empty where there were too few rows to try any. */
  readonly tried: readonly TriedStrength[];
}

/** How to choose. */
export interface ChooseOptions {
  readonly seed: number;
  /** Fewer where the smallest class has fewer rows. */
  readonly folds?: number;
  /** Group of each row of the features: rows of a group are never divided. */
  readonly groups?: ArrayLike<number> | undefined;
  /** Folds that are judged; all of them when left out. */
  readonly judged?: number | undefined;
  /** Called after each solved problem; throwing ends the work. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** See `RegressionProblem`. */
  readonly hold?: HoldRows | undefined;
}

/** Half a decade apart, strongest first, so that each solution is close to the one before. */
const strengths: readonly number[] = [
  10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6,
];
/** For classes of a single row, which cannot be cross-validated. */
const strengthWithoutChoice = 1;
/** Losses that rise so often in a row will not fall again. */
const patience = 2;
/** The next strength makes more of a difference than a more exact solution. */
const roughly = { tolerance: 1e-4, maxIterations: 200 };
const exactly = { tolerance: 1e-5, maxIterations: 500 };

/** Rows to learn from, and other rows to judge by. */
interface Trial {
  readonly train: LabelledRows;
  /** Rows of the features of `judge`, and where their probabilities belong. */
  readonly judge: Pick<LabelledRows, 'features' | 'labels'> & { readonly rows: readonly number[] };
  readonly places: readonly number[];
}

/**
 * Fits a regression with the best strength: by validation rows where there are some, else by cross-validation.
 * @param labelled the rows to learn from; each class needs at least one
 */
export function* fitBestRegression(
  labelled: LabelledRows,
  { validation, ...options }: ChooseOptions & { readonly validation?: LabelledRows | null },
): Work<ChosenRegression> {
  const choice = validation
    ? yield* judgeByValidation(labelled, validation, options)
    : yield* crossValidate(labelled, options);
  const strength = choice?.strength ?? strengthWithoutChoice;
  return {
    ...(yield* new RegressionProblem(labelled, options.hold).solve(strength, exactly)),
    strength,
    tried: choice?.tried ?? [],
  };
}

/**
 * Tries the strengths by cross-validation.
 * @returns null where a class has a single row; else also probabilities of each row by a regression that has not seen it
 */
export function* crossValidate(
  { rows, labels, ...labelled }: LabelledRows,
  { seed, folds = 5, judged = folds, groups, ...options }: ChooseOptions,
): Work<StrengthChoice | null> {
  const ids = Array.from(rows);
  const counts = new Int32Array(labelled.classes);
  for (const row of ids) counts[labels[row]]++;
  const count = Math.min(folds, ...counts.filter((rowsOfClass) => rowsOfClass > 0));
  if (count < 2) return null;
  const foldOf = divideIntoFolds(
    ids.map((row) => labels[row]),
    { folds: count, seed, groups: groups && ids.map((row) => groups[row]) },
  );
  const trials = Array.from({ length: Math.min(judged, count) }, (_, fold): Trial => {
    const places = [...ids.keys()].filter((place) => foldOf[place] === fold);
    const train = ids.filter((_row, place) => foldOf[place] !== fold);
    const judge = { features: labelled.features, labels, rows: places.map((place) => ids[place]) };
    return { train: { ...labelled, labels, rows: train }, judge, places };
  });
  return yield* tryStrengths(trials, ids.length, options);
}

function judgeByValidation(
  train: LabelledRows,
  { features, labels, rows }: LabelledRows,
  options: TryOptions,
): Work<StrengthChoice> {
  const judged = Array.from(rows);
  const judge = { features, labels, rows: judged };
  return tryStrengths([{ train, judge, places: [...judged.keys()] }], judged.length, options);
}

type TryOptions = Pick<ChooseOptions, 'onProgress' | 'hold'>;

/** @param rows how many places there are for the probabilities */
function* tryStrengths(
  trials: readonly Trial[],
  rows: number,
  { onProgress, hold }: TryOptions,
): Work<StrengthChoice> {
  const { classes } = trials[0].train;
  const judged = trials.reduce((sum, { places }) => sum + places.length, 0);
  const problems = trials.map(({ train }) => new RegressionProblem(train, hold));
  const tried: TriedStrength[] = [];
  let best: StrengthChoice | null = null;
  let rises = 0;
  for (const strength of strengths) {
    const probabilities = new Float32Array(rows * classes);
    let loss = 0;
    for (const [at, problem] of problems.entries()) {
      loss += judge(yield* problem.solve(strength, roughly), trials[at], probabilities) / judged;
      onProgress?.(tried.length * problems.length + at + 1, strengths.length * problems.length);
    }
    rises = tried.length > 0 && loss > tried[tried.length - 1].loss ? rises + 1 : 0;
    if (best === null || loss < Math.min(...tried.map((one) => one.loss))) {
      best = { strength, tried, probabilities };
    }
    tried.push({ strength, loss });
    if (rises >= patience) break;
  }
  return best!;
}

/** Predicts the rows of a trial. @returns the sum of their cross-entropies, in nats */
function judge(classifier: LinearClassifier, { judge: judged, places }: Trial, into: Float32Array): number {
  const output = new Float64Array(classifier.classes);
  let sum = 0;
  judged.rows.forEach((row, at) => {
    predictRow(classifier, judged.features, row, output);
    into.set(output, places[at] * classifier.classes);
    // A probability of 0 is a rounded one.
    sum -= Math.log(Math.max(output[judged.labels[row]], Number.MIN_VALUE));
  });
  return sum;
}
