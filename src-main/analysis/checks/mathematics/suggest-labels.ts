/** What photos probably show, learnt from those that are labelled. */
import { runAtOnce } from '../../../core/jobs/in-pieces.ts';
import { permutation, stream } from '../../../core/random/random.ts';
import { crossValidate } from '../../../core/statistics/logistic-regression/choose-strength.ts';
import {
  type LabelledRows,
  type LinearClassifier,
  RegressionProblem,
  predictRow,
} from '../../../core/statistics/logistic-regression/logistic-regression.ts';
import type { FeatureRows } from '../../../datasets/tiles/feature-rows.ts';
import { firstRows, queueRows } from './label-queue.ts';

/** What to learn from. */
export interface LabelledRowsToLearn {
  /** Class id of each row; −1 without a label. */
  readonly labels: Int32Array;
  /** The classes to learn, by id; with fewer than two nothing is. */
  readonly classIds: Int32Array;
  readonly seed: number;
}

/** The likeliest class of each row. */
export interface SuggestedClasses {
  /** Class ids. */
  readonly classes: Int32Array;
  /** Their probabilities, 0–1. */
  readonly probabilities: Float32Array;
  /** The rows that are best labelled next, in order. */
  readonly queue: Int32Array;
}

/** More labelled rows than this teach little more and cost time after each label. */
const maxTrained = 4000;
/** Rows that the strength of regularisation is chosen on. */
const maxJudged = 600;
/** Rows that are in memory at a time, besides those. */
const atOnce = 1000;

/**
 * Learns from the labelled rows and predicts all rows, labelled ones included.
 * @param rows those that have features; the others get no class (−1)
 * @param onProgress called after each part; throwing ends the work
 */
export async function suggestLabels(
  reader: Pick<FeatureRows, 'dimension' | 'read'>,
  rows: Int32Array,
  { labels, classIds, seed }: LabelledRowsToLearn,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<SuggestedClasses> {
  const unlabelled = rows.filter((row) => labels[row] < 0);
  const result = {
    classes: new Int32Array(labels.length).fill(-1),
    probabilities: new Float32Array(labels.length),
  };
  if (classIds.length < 2) {
    const labelled = rows.filter((row) => labels[row] >= 0);
    return { ...result, queue: await firstRows(reader, unlabelled, labelled, seed) };
  }
  const placeOf = new Map(Array.from(classIds, (id, place) => [id, place]));
  const learnt = chooseRows(rows, labels, placeOf, seed);
  const features = { data: await reader.read(learnt), dimension: reader.dimension };
  const places = Int32Array.from(learnt, (row) => placeOf.get(labels[row])!);
  const classifier = learn(
    { features, rows: Int32Array.from(learnt.keys()), labels: places, classes: classIds.length },
    seed,
  );
  const doubts = new Float32Array(labels.length);
  const output = new Float64Array(classIds.length);
  for (let start = 0; start < rows.length; start += atOnce) {
    const some = rows.subarray(start, start + atOnce);
    const part = { data: await reader.read(some), dimension: reader.dimension };
    some.forEach((row, at) => {
      predictRow(classifier, part, at, output);
      const best = output.indexOf(Math.max(...output));
      result.classes[row] = classIds[best];
      result.probabilities[row] = output[best];
      doubts[row] = 1 - output[best] + secondOf(output, best);
    });
    onProgress(Math.min(rows.length, start + atOnce), rows.length);
  }
  const ofUnlabelled = Float32Array.from(unlabelled, (row) => doubts[row]);
  const queue = await queueRows(reader, { rows: unlabelled, doubts: ofUnlabelled, seed });
  return { ...result, queue };
}

/** The greatest probability but that of one class. */
function secondOf(probabilities: Float64Array, best: number): number {
  let second = 0;
  probabilities.forEach((one, place) => {
    if (place !== best) second = Math.max(second, one);
  });
  return second;
}

/** Labelled rows of the classes to learn: all, or as many of each class as leave room for the others. */
function chooseRows(
  rows: Int32Array,
  labels: Int32Array,
  placeOf: ReadonlyMap<number, number>,
  seed: number,
): Int32Array {
  const labelled = rows.filter((row) => placeOf.has(labels[row]));
  if (labelled.length <= maxTrained) return labelled;
  const quota = Math.ceil(maxTrained / placeOf.size);
  const taken = new Map<number, number>();
  const order = permutation(labelled.length, stream(seed, 'learnt'));
  return Int32Array.from(order, (at) => labelled[at]).filter((row) => {
    const count = (taken.get(labels[row]) ?? 0) + 1;
    taken.set(labels[row], count);
    return count <= quota;
  });
}

/**
 * A classifier of the labelled rows. The strength is chosen on some of them: it hardly changes with more, and the answer
 * is waited for after each label.
 */
function learn(labelled: LabelledRows, seed: number): LinearClassifier {
  const order = permutation(labelled.rows.length, stream(seed, 'strength'));
  const some = order.subarray(0, maxJudged);
  const choice = runAtOnce(crossValidate({ ...labelled, rows: some }, { seed, folds: 3 }));
  return runAtOnce(new RegressionProblem(labelled).solve(choice?.strength ?? 1, { tolerance: 1e-4 }));
}
