/** Photos unlike all others of their class: far from their nearest neighbours among the features. */
import { permutation, stream } from '../../../core/random/random.ts';
import type { FeatureMatrix } from '../../../core/statistics/logistic-regression/standardisation.ts';

/** Dimensions the features are brought down to: distances survive a random projection (Johnson–Lindenstrauss). */
const projected = 64;
/** Neighbours whose mean distance counts. */
const neighbours = 5;
/** Images of a class that stand for all of it. */
const maxReferences = 3000;

/**
 * How far each row is from its nearest neighbours of the same class, in robust deviations of its class: 0 is usual,
 * above 4 is rare.
 * @returns a number per row; 0 in classes of fewer than ten
 */
export function outlyingness(
  features: FeatureMatrix,
  labels: ArrayLike<number>,
  seed: number,
  onProgress: (done: number, total: number) => void = () => undefined,
): Float32Array {
  const points = project(features, labels.length, seed);
  const result = new Float32Array(labels.length);
  const byClass = Map.groupBy(
    Array.from({ length: labels.length }, (_, row) => row),
    (row) => labels[row],
  );
  let done = 0;
  for (const members of byClass.values()) {
    if (members.length >= 10) {
      const order = permutation(members.length, stream(seed, 'references'));
      const references = Array.from(order.subarray(0, maxReferences), (at) => members[at]);
      const distances = members.map((row) => {
        if (++done % 200 === 0) onProgress(done, labels.length);
        return meanNearest(points, row, references);
      });
      const scores = robustScores(distances);
      members.forEach((row, at) => (result[row] = scores[at]));
    } else done += members.length;
  }
  return result;
}

/** Unit vectors in fewer dimensions, by random signs. */
function project({ data, dimension }: FeatureMatrix, rows: number, seed: number): Float32Array {
  const target = Math.min(projected, dimension);
  const random = stream(seed, 'projection');
  const matrix = Float32Array.from({ length: target * dimension }, () => (random.next() < 0.5 ? -1 : 1));
  const points = new Float32Array(rows * projected);
  for (let row = 0; row < rows; row++) {
    let length = 0;
    for (let t = 0; t < target; t++) {
      let sum = 0;
      if (target === dimension) sum = data[row * dimension + t];
      else for (let d = 0; d < dimension; d++) sum += matrix[t * dimension + d] * data[row * dimension + d];
      points[row * projected + t] = sum;
      length += sum * sum;
    }
    const scale = length > 0 ? 1 / Math.sqrt(length) : 0;
    for (let t = 0; t < target; t++) points[row * projected + t] *= scale;
  }
  return points;
}

function meanNearest(points: Float32Array, row: number, references: readonly number[]): number {
  const nearest = new Float64Array(neighbours).fill(Infinity);
  for (const other of references) {
    if (other === row) continue;
    let distance = 0;
    for (let t = 0; t < projected; t++) {
      const difference = points[row * projected + t] - points[other * projected + t];
      distance += difference * difference;
    }
    let at = neighbours - 1;
    if (distance >= nearest[at]) continue;
    for (; at > 0 && nearest[at - 1] > distance; at--) nearest[at] = nearest[at - 1];
    nearest[at] = distance;
  }
  const found = nearest.filter((distance) => distance !== Infinity);
  return found.reduce((sum, distance) => sum + Math.sqrt(distance), 0) / Math.max(1, found.length);
}

/** Distance from the median in units of the median absolute deviation, scaled as for a normal distribution. */
export function robustScores(values: readonly number[]): number[] {
  const middle = median(values);
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return values.map((value) => (deviation < 1e-12 ? 0 : (value - middle) / deviation));
}

/** The median; 0 of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
