/** A head of one layer on the features of a frozen network, solved rather than descended to: a logistic regression. */
import type * as tfjs from '@tensorflow/tfjs';
import { type RecordReader, readRecords, recordBytes } from '../../core/files/records.ts';
import type { Work } from '../../core/jobs/in-pieces.ts';
import {
  type ChosenRegression,
  fitBestRegression,
} from '../../core/statistics/logistic-regression/choose-strength.ts';
import type {
  HoldRows,
  LabelledRows,
  LinearClassifier,
} from '../../core/statistics/logistic-regression/logistic-regression.ts';
import type { FeatureMatrix } from '../../core/statistics/logistic-regression/standardisation.ts';
import type { Tf } from '../base/backend.ts';
import type { LabelledSlots } from '../step/batches.ts';

/** Features with their classes. */
export interface LabelledFeatures {
  readonly reader: RecordReader;
  readonly data: LabelledSlots;
}

/** What a head is solved for. */
export interface LinearHeadProblem {
  readonly train: LabelledFeatures;
  readonly validation: LabelledFeatures | null;
  readonly classes: number;
  /** How much an image of each class counts; null: all the same. */
  readonly classWeights: readonly number[] | null;
}

/** A problem with its features in memory. */
export interface HeldProblem {
  readonly train: LabelledRows;
  /** What the strength of regularisation is judged by; null: cross-validation. */
  readonly validation: LabelledRows | null;
}

/** How to solve it. */
export interface SolveOptions {
  /** Divides the images into folds. */
  readonly seed: number;
  /** Called after each strength of regularisation that was tried on a part of the images. */
  readonly onProgress: (done: number, total: number) => void;
}

/** So many validation images tell one strength of regularisation from another; with fewer, cross-validation is surer. */
const enoughValidation = 300;
/** With more training images than this, one fold of them tells as much as five, in a fifth of the time. */
const manyImages = 10_000;

/** Reads the features of a head's problem. */
export async function readProblem({
  train,
  validation,
  classes,
  classWeights,
}: LinearHeadProblem): Promise<HeldProblem> {
  const rows = async ({ reader, data: { slots, labels } }: LabelledFeatures): Promise<LabelledRows> => ({
    features: await readFeatures(reader, slots),
    rows: Int32Array.from({ length: slots.length }, (_, row) => row),
    labels,
    classes,
    classWeights: classWeights ?? undefined,
  });
  const decides = validation !== null && validation.data.slots.length >= enoughValidation;
  return { train: await rows(train), validation: decides ? await rows(validation) : null };
}

/**
 * The best linear head: as strongly regularised as validation or cross-validation asks for. The same images give the
 * same head, whatever the batch size or the number of epochs.
 */
export function* solveLinearHead(
  tf: Tf,
  { train, validation }: HeldProblem,
  { seed, onProgress }: SolveOptions,
): Work<ChosenRegression> {
  const held: tfjs.Tensor[] = [];
  const judged = train.rows.length > manyImages ? 1 : undefined;
  try {
    const hold = holdOn(tf, held);
    return yield* fitBestRegression(train, { validation, seed, judged, hold, onProgress });
  } finally {
    tf.dispose(held);
  }
}

/**
 * Gives a head the weights that were found. A single output is the sigmoid of the second class.
 * @param variables kernel and biases of the head's one layer
 */
export function assignLinearHead(
  tf: Tf,
  [kernel, biases]: readonly tfjs.Variable[],
  { classes, dimension, weights, bias }: LinearClassifier,
): void {
  const outputs = kernel.shape[1]!;
  const values = new Float32Array(dimension * outputs);
  const at = (c: number, d: number): number => weights[c * dimension + d];
  for (let d = 0; d < dimension; d++) {
    for (let o = 0; o < outputs; o++) {
      values[d * outputs + o] = outputs < classes ? at(1, d) - at(0, d) : at(o, d);
    }
  }
  tf.tidy(() => {
    kernel.assign(tf.tensor2d(values, [dimension, outputs]));
    biases.assign(tf.tensor1d(outputs < classes ? [bias[1] - bias[0]] : Float32Array.from(bias)));
  });
}

async function readFeatures(reader: RecordReader, slots: ArrayLike<number>): Promise<FeatureMatrix> {
  const data = new Float32Array((await readRecords(reader, Array.from(slots))).buffer);
  return { data, dimension: recordBytes(reader) / Float32Array.BYTES_PER_ELEMENT };
}

/** Holds standardised rows as a tensor, where matrices are multiplied many times as fast as in JavaScript. */
function holdOn(tf: Tf, held: tfjs.Tensor[]): HoldRows {
  return ({ data, dimension }, rows, { mean, scale }, classes) => {
    const standardised = new Float32Array(rows.length * dimension);
    rows.forEach((row, at) => {
      for (let d = 0; d < dimension; d++) {
        standardised[at * dimension + d] = (data[row * dimension + d] - mean[d]) * scale[d];
      }
    });
    const matrix = tf.tensor2d(standardised, [rows.length, dimension]);
    held.push(matrix);
    const factor = (values: Float64Array, shape: [number, number]): tfjs.Tensor2D =>
      tf.tensor2d(Float32Array.from(values), shape);
    return {
      multiply: (weights, sums) =>
        tf.tidy(() => {
          sums.set(tf.matMul(matrix, factor(weights, [classes, dimension]), false, true).dataSync());
        }),
      multiplyTransposed: (errors, sums) =>
        tf.tidy(() => {
          sums.set(tf.matMul(factor(errors, [rows.length, classes]), matrix, true).dataSync());
        }),
    };
  };
}
