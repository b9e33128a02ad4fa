/**
 * Multinomial logistic regression with L2 regularisation, as scikit-learn's `LogisticRegression(solver='lbfgs')`:
 * convex, so the answer depends on the data only, not on a seed, a batch size or a number of epochs.
 */
import { type LbfgsOptions, minimise } from './lbfgs.ts';
import { type FeatureMatrix, type Standardisation, fitStandardisation } from './standardisation.ts';

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

/**
 * A regression problem, to be solved for one or more strengths: each solution starts from the one before, which saves
 * most of the work along a path of strengths. Features count as standardised; they are not copied for it.
 */
export class RegressionProblem {
  readonly #features: FeatureMatrix;
  readonly #rows: Int32Array;
  readonly #labels: Int32Array;
  readonly #rowWeights: Float64Array;
  readonly #standardisation: Standardisation;
  readonly #classes: number;
  /** `classes × dimension` weights of standardised features, then a bias for each class. */
  readonly #point: Float64Array;

  constructor({ features, rows, labels, classes, classWeights }: LabelledRows) {
    this.#features = features;
    this.#rows = Int32Array.from(rows);
    this.#classes = classes;
    this.#labels = this.#rows.map((row) => labels[row]);
    const weights = Float64Array.from(this.#labels, (label) => classWeights?.[label] ?? 1);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    this.#rowWeights = weights.map((weight) => weight / sum);
    this.#standardisation = fitStandardisation(features, rows);
    this.#point = new Float64Array(classes * (features.dimension + 1));
  }

  /**
   * Minimises the mean cross-entropy plus `strength / 2` times the squares of the weights (biases excepted).
   * @param strength λ; scikit-learn's C is 1 / (λ · rows)
   */
  solve(strength: number, options?: LbfgsOptions): FittedRegression {
    const result = minimise((point, gradient) => this.#loss(point, gradient, strength), this.#point, options);
    const { iterations, converged } = result;
    return { ...this.#unstandardised(this.#point), iterations, converged };
  }

  #loss(point: Float64Array, gradient: Float64Array, strength: number): number {
    const { data, dimension } = this.#features;
    const classes = this.#classes;
    const { weights, bias } = this.#unstandardised(point);
    const errors = new Float64Array(classes);
    const biases = classes * dimension;
    let loss = 0;
    gradient.fill(0);
    for (let at = 0; at < this.#rows.length; at++) {
      const from = this.#rows[at] * dimension;
      for (let c = 0; c < classes; c++) {
        errors[c] = product(weights, c * dimension, data, { from, length: dimension }) + bias[c];
      }
      const label = this.#labels[at];
      const weight = this.#rowWeights[at];
      loss += weight * crossEntropy(errors, label);
      for (let c = 0; c < classes; c++) {
        const error = weight * (errors[c] - (c === label ? 1 : 0));
        addProduct(gradient, c * dimension, data, { from, length: dimension, factor: error });
        gradient[biases + c] += error;
      }
    }
    this.#standardiseGradient(gradient);
    return loss + penalise(point, gradient, { strength, count: biases });
  }

  /** The gradient by the weights of standardised features, of that by the weights of features as they come. */
  #standardiseGradient(gradient: Float64Array): void {
    const { mean, scale } = this.#standardisation;
    const { dimension } = this.#features;
    const biases = this.#classes * dimension;
    for (let i = 0; i < biases; i++) {
      const d = i % dimension;
      gradient[i] = scale[d] * (gradient[i] - mean[d] * gradient[biases + Math.floor(i / dimension)]);
    }
  }

  #unstandardised(point: Float64Array): LinearClassifier {
    const { dimension } = this.#features;
    const { mean, scale } = this.#standardisation;
    const classes = this.#classes;
    const weights = new Float64Array(classes * dimension);
    const bias = point.slice(classes * dimension);
    for (let c = 0; c < classes; c++) {
      for (let d = 0; d < dimension; d++) {
        const weight = point[c * dimension + d] * scale[d];
        weights[c * dimension + d] = weight;
        bias[c] -= weight * mean[d];
      }
    }
    return { classes, dimension, weights, bias };
  }
}

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
