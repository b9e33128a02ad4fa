/**
 * Multinomial logistic regression with L2 regularisation, as scikit-learn's `LogisticRegression(solver='lbfgs')`:
 * convex, so the answer depends on the data only, not on a seed, a batch size or a number of epochs.
 */
import type { Work } from '../../jobs/in-pieces.ts';
import { type LbfgsOptions, minimise } from './lbfgs.ts';
import {
  type FeatureMatrix,
  type Standardisation,
  fitStandardisation,
  usualMinDeviation,
} from './standardisation.ts';

/** What to learn from. */
export interface LabelledRows {
  readonly features: FeatureMatrix;
  /** Which rows of the features. */
  readonly rows: ArrayLike<number>;
  /** Class of each row of the features, 0 … classes − 1. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** Weight of each class in the loss; 1 each when left out. */
  readonly classWeights?: ArrayLike<number> | undefined;
  /** See `usualMinDeviation`, which it is when left out. */
  readonly minDeviation?: number | undefined;
}

/** A linear classifier of features as they come: standardisation is already part of it. */
export interface LinearClassifier {
  readonly classes: number;
  readonly dimension: number;
  /** `classes × dimension` values. */
  readonly weights: Float64Array;
  /** One per class. */
  readonly bias: Float64Array;
}

/** A classifier, and how it was found. */
export interface FittedRegression extends LinearClassifier {
  readonly iterations: number;
  readonly converged: boolean;
}

/** The rows of a problem with their features standardised, however they are held. */
export interface StandardisedRows {
  /**
   * Weighted sums of the features.
   * @param weights `classes × dimension`
   * @param sums into these: `rows × classes`
   */
  multiply(weights: Float64Array, sums: Float64Array): void;
  /**
   * Sums over the rows of each feature times each error.
   * @param errors `rows × classes`
   * @param sums into these: `classes × dimension`
   */
  multiplyTransposed(errors: Float64Array, sums: Float64Array): void;
}

/** Holds the features of some rows for a problem. */
export type HoldRows = (
  features: FeatureMatrix,
  rows: Int32Array,
  standardisation: Standardisation,
  classes: number,
) => StandardisedRows;

/**
 * A regression problem, to be solved for one or more strengths: each solution starts from the one before, which saves
 * most of the work along a path of strengths.
 */
export class RegressionProblem {
  readonly #dimension: number;
  readonly #rows: StandardisedRows;
  readonly #labels: Int32Array;
  readonly #rowWeights: Float64Array;
  readonly #standardisation: Standardisation;
  readonly #classes: number;
  /** `classes × dimension` weights of standardised features, then a bias for each class. */
  readonly #point: Float64Array;
  /** Logits of the rows, then the errors of their probabilities. */
  readonly #outputs: Float64Array;

  /** @param hold where the multiplications are done; in plain JavaScript when left out */
  constructor(
    { features, rows, labels, classes, classWeights, minDeviation = usualMinDeviation }: LabelledRows,
    hold: HoldRows = holdPlainly,
  ) {
    const ids = Int32Array.from(rows);
    this.#dimension = features.dimension;
    this.#classes = classes;
    this.#labels = ids.map((row) => labels[row]);
    const weights = Float64Array.from(this.#labels, (label) => classWeights?.[label] ?? 1);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    this.#rowWeights = weights.map((weight) => weight / sum);
    this.#standardisation = fitStandardisation(features, ids, minDeviation);
    this.#rows = hold(features, ids, this.#standardisation, classes);
    this.#point = new Float64Array(classes * (features.dimension + 1));
    this.#outputs = new Float64Array(ids.length * classes);
  }

  /**
   * Minimises the mean cross-entropy plus `strength / 2` times the squares of the weights (biases excepted).
   * @param strength λ; scikit-learn's C is 1 / (λ · rows)
   */
  *solve(strength: number, options?: LbfgsOptions): Work<FittedRegression> {
    const objective = (point: Float64Array, gradient: Float64Array): number =>
      this.#loss(point, gradient, strength);
    const { iterations, converged } = yield* minimise(objective, this.#point, options);
    return { ...this.#unstandardised(), iterations, converged };
  }

  #loss(point: Float64Array, gradient: Float64Array, strength: number): number {
    const classes = this.#classes;
    const outputs = this.#outputs;
    const biases = classes * this.#dimension;
    this.#rows.multiply(point.subarray(0, biases), outputs);
    gradient.fill(0);
    let loss = 0;
    this.#labels.forEach((label, at) => {
      const weight = this.#rowWeights[at];
      const own = outputs.subarray(at * classes, (at + 1) * classes);
      for (let c = 0; c < classes; c++) own[c] += point[biases + c];
      loss += weight * crossEntropy(own, label);
      for (let c = 0; c < classes; c++) {
        own[c] = weight * (own[c] - (c === label ? 1 : 0));
        gradient[biases + c] += own[c];
      }
    });
    this.#rows.multiplyTransposed(outputs, gradient.subarray(0, biases));
    return loss + penalise(point, gradient, { strength, count: biases });
  }

  #unstandardised(): LinearClassifier {
    const { mean, scale } = this.#standardisation;
    const dimension = this.#dimension;
    const classes = this.#classes;
    const weights = new Float64Array(classes * dimension);
    const bias = this.#point.slice(classes * dimension);
    for (let c = 0; c < classes; c++) {
      for (let d = 0; d < dimension; d++) {
        const weight = this.#point[c * dimension + d] * scale[d];
        weights[c * dimension + d] = weight;
        bias[c] -= weight * mean[d];
      }
    }
    return { classes, dimension, weights, bias };
  }
}

/** In plain JavaScript: the features stay as they come, and what is multiplied with them is standardised instead. */
const holdPlainly: HoldRows = ({ data, dimension }, rows, { mean, scale }, classes) => ({
  multiply(weights, sums) {
    const scaled = weights.map((weight, i) => weight * scale[i % dimension]);
    const shift = new Float64Array(classes);
    for (let i = 0; i < scaled.length; i++)
      shift[Math.floor(i / dimension)] += scaled[i] * mean[i % dimension];
    rows.forEach((row, at) => {
      const span = { from: row * dimension, length: dimension };
      for (let c = 0; c < classes; c++) {
        sums[at * classes + c] = product(scaled, c * dimension, data, span) - shift[c];
      }
    });
  },
  multiplyTransposed(errors, sums) {
    const total = new Float64Array(classes);
    rows.forEach((row, at) => {
      for (let c = 0; c < classes; c++) {
        const factor = errors[at * classes + c];
        total[c] += factor;
        addProduct(sums, c * dimension, data, { from: row * dimension, length: dimension, factor });
      }
    });
    for (let i = 0; i < sums.length; i++) {
      const d = i % dimension;
      sums[i] = scale[d] * (sums[i] - mean[d] * total[Math.floor(i / dimension)]);
    }
  },
});

/**
 * Probabilities of a row of features.
 * @param row which row of the matrix
 * @param into one value per class
 */
export function predictRow(
  { classes, dimension, weights, bias }: LinearClassifier,
  { data }: FeatureMatrix,
  row: number,
  into: Float64Array,
): void {
  const span = { from: row * dimension, length: dimension };
  for (let c = 0; c < classes; c++) into[c] = product(weights, c * dimension, data, span) + bias[c];
  softmax(into);
}

/** Turns logits into probabilities, and returns the cross-entropy of the label. */
function crossEntropy(logits: Float64Array, label: number): number {
  const own = logits[label];
  return softmax(logits) - own;
}

/** Turns logits into probabilities. @returns the logarithm of the sum of their exponentials */
function softmax(logits: Float64Array): number {
  let largest = -Infinity;
  for (const logit of logits) largest = Math.max(largest, logit);
  let total = 0;
  for (let c = 0; c < logits.length; c++) total += logits[c] = Math.exp(logits[c] - largest);
  for (let c = 0; c < logits.length; c++) logits[c] /= total;
  return largest + Math.log(total);
}

function penalise(
  point: Float64Array,
  gradient: Float64Array,
  { strength, count }: { strength: number; count: number },
): number {
  let squares = 0;
  for (let i = 0; i < count; i++) {
    squares += point[i] * point[i];
    gradient[i] += strength * point[i];
  }
  return (strength / 2) * squares;
}

interface Span {
  readonly from: number;
  readonly length: number;
}

// Four sums at a time: a processor begins an addition before the one before it is done, but not in one sum.
function product(weights: Float64Array, offset: number, data: Float32Array, { from, length }: Span): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = length - (length % 4);
  let i = 0;
  for (; i < whole; i += 4) {
    a += weights[offset + i] * data[from + i];
    b += weights[offset + i + 1] * data[from + i + 1];
    c += weights[offset + i + 2] * data[from + i + 2];
    d += weights[offset + i + 3] * data[from + i + 3];
  }
  for (; i < length; i++) a += weights[offset + i] * data[from + i];
  return a + b + (c + d);
}

function addProduct(
  to: Float64Array,
  offset: number,
  data: Float32Array,
  { from, length, factor }: Span & { readonly factor: number },
): void {
  for (let i = 0; i < length; i++) to[offset + i] += factor * data[from + i];
}
