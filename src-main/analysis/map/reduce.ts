/**
 * Brings features down to few dimensions before neighbours are looked for: principal components, found by subspace
 * iteration. Distances among the photos stay what they were, as far as they are not noise.
 */
import { stream } from '../../core/random/random.ts';

/** Rows of numbers, one after another. */
export interface Rows {
  readonly data: Float32Array;
  readonly dimension: number;
}

/** A linear map to fewer dimensions, the ones with most variance first. */
export interface Reduction {
  /** What is taken off each row first. */
  readonly mean: Float32Array;
  /** `[target, dimension]`, orthonormal rows. */
  readonly basis: Float32Array;
  readonly target: number;
}

const iterations = 4;

/** Scales each row to length 1, in place: what counts is the direction of features. */
export function normaliseRows({ data, dimension }: Rows): void {
  for (let start = 0; start < data.length; start += dimension) {
    let squares = 0;
    for (let d = start; d < start + dimension; d++) squares += data[d] * data[d];
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let d = start; d < start + dimension; d++) data[d] *= scale;
  }
}

/**
 * Learns the directions of most variance (orthogonal iteration; Golub & Van Loan, Matrix Computations, 8.2.4).
 * @param rows the photos to learn from
 * @param most dimensions to keep, fewer where there are fewer
 */
export function learnReduction({ data, dimension }: Rows, most: number, seed: number): Reduction {
  const count = data.length / dimension;
  const target = Math.max(1, Math.min(most, dimension, count));
  const mean = meanOf(data, dimension);
  const random = stream(seed, 'map-basis');
  let basis = Float32Array.from({ length: target * dimension }, () => random.normal());
  orthonormalise(basis, dimension);
  for (let iteration = 0; iteration < iterations; iteration++) {
    basis = timesCovariance(data, mean, basis, dimension);
    orthonormalise(basis, dimension);
  }
  return { mean, basis, target };
}

/** Brings rows down. @returns `[rows, target]` */
export function reduceRows({ data, dimension }: Rows, { mean, basis, target }: Reduction): Float32Array {
  const count = data.length / dimension;
  const result = new Float32Array(count * target);
  const row = new Float32Array(dimension);
  for (let at = 0; at < count; at++) {
    for (let d = 0; d < dimension; d++) row[d] = data[at * dimension + d] - mean[d];
    for (let t = 0; t < target; t++) result[at * target + t] = dot(row, basis, t * dimension);
  }
  return result;
}

function meanOf(data: Float32Array, dimension: number): Float32Array {
  const sum = new Float64Array(dimension);
  for (let start = 0; start < data.length; start += dimension)
    for (let d = 0; d < dimension; d++) sum[d] += data[start + d];
  const count = Math.max(1, data.length / dimension);
  return Float32Array.from(sum, (value) => value / count);
}

function dot(row: Float32Array, basis: Float32Array, start: number): number {
  let sum = 0;
  for (let d = 0; d < row.length; d++) sum += row[d] * basis[start + d];
  return sum;
}

/** The basis times the covariance of the rows, without ever making the covariance. */
function timesCovariance(
  data: Float32Array,
  mean: Float32Array,
  basis: Float32Array,
  dimension: number,
): Float32Array<ArrayBuffer> {
  const target = basis.length / dimension;
  const result = new Float32Array(basis.length);
  const row = new Float32Array(dimension);
  for (let start = 0; start < data.length; start += dimension) {
    for (let d = 0; d < dimension; d++) row[d] = data[start + d] - mean[d];
    for (let t = 0; t < target; t++) {
      const weight = dot(row, basis, t * dimension);
      for (let d = 0; d < dimension; d++) result[t * dimension + d] += weight * row[d];
    }
  }
  return result;
}

/** Modified Gram–Schmidt over the rows of the basis, in place; directions without variance become 0. */
function orthonormalise(basis: Float32Array, dimension: number): void {
  let largest = 0;
  for (let start = 0; start < basis.length; start += dimension) {
    for (let other = 0; other < start; other += dimension) {
      let shared = 0;
      for (let d = 0; d < dimension; d++) shared += basis[start + d] * basis[other + d];
      for (let d = 0; d < dimension; d++) basis[start + d] -= shared * basis[other + d];
    }
    let squares = 0;
    for (let d = start; d < start + dimension; d++) squares += basis[d] * basis[d];
    const length = Math.sqrt(squares);
    largest = Math.max(largest, length);
    const scale = length > largest * 1e-6 ? 1 / length : 0;
    for (let d = start; d < start + dimension; d++) basis[d] *= scale;
  }
}
