/**
 * Softmax regression with weight decay, trained by Adam (Kingma and Ba, 2015) on standardised features: small, quick
 * and calibrated enough to ask which labels fit the rest.
 */
import { permutation, stream } from '../../../core/random/random.ts';

/** Rows of features, one after the other. */
export interface FeatureRows {
  readonly data: Float32Array;
  readonly dimension: number;
}

/** A trained regression. */
export interface SoftmaxRegression {
  /** Probabilities of a row, one per class. */
  predict(features: FeatureRows, row: number, into: Float64Array): void;
}

/** How to train. */
export interface RegressionOptions {
  readonly classes: number;
  readonly seed: number;
  readonly epochs?: number;
  readonly decay?: number;
}

const batchSize = 64;
const firstRate = 0.02;

/**
 * Trains on some rows.
 * @param rows which rows of the features
 * @param labels class of each row of the features, 0 … classes − 1
 */
export function trainRegression(
  features: FeatureRows,
  rows: Int32Array,
  labels: ArrayLike<number>,
  { classes, seed, epochs = 20, decay = 1e-3 }: RegressionOptions,
): SoftmaxRegression {
  const { dimension } = features;
  const scale = standardise(features, rows);
  const weights = new Float64Array(classes * (dimension + 1));
  const gradient = new Float64Array(weights.length);
  const first = new Float64Array(weights.length);
  const second = new Float64Array(weights.length);
  const input = new Float64Array(dimension + 1);
  const output = new Float64Array(classes);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(rows.length, stream(seed, 'regression', epoch));
    const rate = firstRate * (1 - epoch / epochs);
    for (let start = 0; start < order.length; start += batchSize) {
      const end = Math.min(order.length, start + batchSize);
      gradient.fill(0);
      for (let at = start; at < end; at++) {
        const row = rows[order[at]];
        scale(row, input);
        softmax(weights, input, output);
        output[labels[row]] -= 1;
        for (let c = 0; c < classes; c++) {
          const error = output[c];
          const offset = c * (dimension + 1);
          for (let d = 0; d <= dimension; d++) gradient[offset + d] += error * input[d];
        }
      }
      step++;
      adam({ weights, gradient, first, second }, { rate, step, count: end - start, decay });
    }
  }
  return {
    predict(of, row, into) {
      scale(row, input, of);
      softmax(weights, input, into);
    },
  };
}

/** Mean 0 and deviation 1 on the training rows; the last value is the constant 1. */
function standardise({ data, dimension }: FeatureRows, rows: Int32Array) {
  const mean = new Float64Array(dimension);
  const inverse = new Float64Array(dimension);
  for (const row of rows) for (let d = 0; d < dimension; d++) mean[d] += data[row * dimension + d];
  for (let d = 0; d < dimension; d++) mean[d] /= rows.length;
  for (const row of rows) {
    for (let d = 0; d < dimension; d++) inverse[d] += (data[row * dimension + d] - mean[d]) ** 2;
  }
  // Long feature vectors would otherwise saturate the softmax before they are learnt.
  const shrink = 1 / Math.sqrt(Math.max(1, dimension / 64));
  const deviations = inverse.map((squares) => Math.sqrt(squares / rows.length));
  // Compared with the others: there are networks whose features are all small.
  const least = 1e-6 * deviations.reduce((largest, one) => Math.max(largest, one), 0);
  deviations.forEach((deviation, d) => (inverse[d] = deviation <= least ? 0 : shrink / deviation));
  return (row: number, into: Float64Array, of: FeatureRows = { data, dimension }): void => {
    for (let d = 0; d < dimension; d++) {
      const value = (of.data[row * dimension + d] - mean[d]) * inverse[d];
      into[d] = Math.max(-5, Math.min(5, value));
    }
    into[dimension] = 1;
  };
}

function softmax(weights: Float64Array, input: Float64Array, into: Float64Array): void {
  let largest = -Infinity;
  for (let c = 0; c < into.length; c++) {
    let sum = 0;
    const offset = c * input.length;
    for (let d = 0; d < input.length; d++) sum += weights[offset + d] * input[d];
    into[c] = sum;
    if (sum > largest) largest = sum;
  }
  let total = 0;
  for (let c = 0; c < into.length; c++) total += into[c] = Math.exp(into[c] - largest);
  for (let c = 0; c < into.length; c++) into[c] /= total;
}

interface AdamState {
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function adam(
  { weights, gradient, first, second }: AdamState,
  { rate, step, count, decay }: { rate: number; step: number; count: number; decay: number },
): void {
  const [beta1, beta2] = [0.9, 0.999];
  const corrected = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  for (let i = 0; i < weights.length; i++) {
    const slope = gradient[i] / count + decay * weights[i];
    first[i] = beta1 * first[i] + (1 - beta1) * slope;
    second[i] = beta2 * second[i] + (1 - beta2) * slope * slope;
    weights[i] -= (corrected * first[i]) / (Math.sqrt(second[i]) + 1e-8);
  }
}
