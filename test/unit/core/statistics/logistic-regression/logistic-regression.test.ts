import { expect, test } from 'vitest';
import { fitBestRegression } from '../../../../../src-main/core/statistics/logistic-regression/choose-strength.ts';
import {
  type LabelledRows,
  RegressionProblem,
  type LinearClassifier,
  predictRow,
} from '../../../../../src-main/core/statistics/logistic-regression/logistic-regression.ts';
import { minimise } from '../../../../../src-main/core/statistics/logistic-regression/lbfgs.ts';
import { divideIntoFolds } from '../../../../../src-main/core/statistics/logistic-regression/folds.ts';
import { runAtOnce } from '../../../../../src-main/core/jobs/in-pieces.ts';
import { createRandom } from '../../../../../src-main/core/random/random.ts';
import reference from '../../../../fixtures/logistic-regression/scikit-learn.json' with { type: 'json' };

test.each(reference.problems)('predicts as scikit-learn does: $name', (problem) => {
  const { dimension, classes, strength, labels, classWeights } = problem;
  const features = { data: Float32Array.from(problem.features), dimension };
  const rows = labels.map((_, row) => row);
  const labelled = { features, rows, labels, classes, classWeights, minDeviation: 0 };
  const fitted = runAtOnce(
    new RegressionProblem(labelled).solve(strength, { tolerance: 1e-10, maxIterations: 5000 }),
  );
  const output = new Float64Array(classes);
  const worst = Math.max(
    ...labelled.rows.flatMap((row) => {
      predictRow(fitted, features, row, output);
      return Array.from(output, (value, c) => Math.abs(value - problem.probabilities[row * classes + c]));
    }),
  );
  // The features of the file are rounded to 32 bits once standardised.
  expect(worst).toBeLessThan(1e-6);
});

test('reaches the minimum of the Rosenbrock function', () => {
  const point = new Float64Array([-1.2, 1]);
  const result = runAtOnce(
    minimise(
      ([x, y], gradient) => {
        gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
        gradient[1] = 200 * (y - x * x);
        return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
      },
      point,
      { tolerance: 1e-9 },
    ),
  );
  expect(result.converged).toBe(true);
  expect(point[0]).toBeCloseTo(1, 8);
  expect(point[1]).toBeCloseTo(1, 8);
});

test('stops where it is when the objective is not a number', () => {
  const point = new Float64Array([1]);
  const result = runAtOnce(minimise((_, gradient) => (gradient.fill(Number.NaN), Number.NaN), point));
  expect(result).toMatchObject({ iterations: 0, converged: false });
  expect(point[0]).toBe(1);
});

/** Mean cross-entropy over all rows. */
function meanLoss(classifier: LinearClassifier, { features, rows, labels }: LabelledRows): number {
  const output = new Float64Array(classifier.classes);
  const losses = Array.from(rows, (row) => {
    predictRow(classifier, features, row, output);
    return -Math.log(output[labels[row]]);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Clusters that overlap, with `noise` features that say nothing. */
function clusters(rows: number, { noise, seed }: { noise: number; seed: number }): LabelledRows {
  const random = createRandom(seed);
  const dimension = 2 + noise;
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 2);
  const data = Float32Array.from({ length: rows * dimension }, (_, at) => {
    const isSignal = at % dimension < 2;
    return random.normal() + (isSignal ? labels[Math.floor(at / dimension)] : 0);
  });
  return { features: { data, dimension }, rows: labels.map((_, row) => row), labels, classes: 2 };
}

test('regularises more where there is less to learn from', () => {
  const few = runAtOnce(fitBestRegression(clusters(20, { noise: 50, seed: 1 }), { seed: 1 }));
  const many = runAtOnce(fitBestRegression(clusters(2000, { noise: 50, seed: 1 }), { seed: 1 }));
  expect(few.strength).toBeGreaterThan(many.strength);
});

test('the chosen strength predicts new rows better than hardly any', () => {
  const train = clusters(60, { noise: 40, seed: 2 });
  const fresh = clusters(2000, { noise: 40, seed: 3 });
  const chosen = runAtOnce(fitBestRegression(train, { seed: 1 }));
  const weak = runAtOnce(new RegressionProblem(train).solve(1e-4));
  expect(meanLoss(chosen, fresh)).toBeLessThan(meanLoss(weak, fresh));
});

test('judges by validation rows where there are some', () => {
  const train = clusters(60, { noise: 40, seed: 2 });
  const validation = clusters(400, { noise: 40, seed: 4 });
  const { tried, strength } = runAtOnce(fitBestRegression(train, { seed: 1, validation }));
  const lowest = tried.toSorted((a, b) => a.loss - b.loss)[0];
  expect(strength).toBe(lowest.strength);
  expect(lowest.loss).toBeCloseTo(
    meanLoss(runAtOnce(new RegressionProblem(train).solve(strength, { tolerance: 1e-8 })), validation),
    2,
  );
});

test('one row a class is enough to learn from, without a choice of strength', () => {
  const one = runAtOnce(fitBestRegression(clusters(2, { noise: 3, seed: 5 }), { seed: 1 }));
  expect(one.tried).toEqual([]);
  expect(Array.from(one.weights).every(Number.isFinite)).toBe(true);
});

test('says how far it is', () => {
  const seen: number[] = [];
  const onProgress = (done: number, total: number): void => void seen.push(done / total);
  runAtOnce(fitBestRegression(clusters(40, { noise: 2, seed: 6 }), { seed: 1, onProgress }));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBeLessThanOrEqual(1);
});

test('a feature that hardly varied among the rows does not outvote the others', () => {
  const train = clusters(40, { noise: 20, seed: 7 });
  const { data, dimension } = train.features;
  // A channel that is zero in most photos: next to nothing in one of them, and 1 in the photo to predict.
  for (let row = 0; row < 40; row++) data[row * dimension + 5] = row === 0 ? 1e-3 : 0;
  const photo = { data: data.slice(dimension, 2 * dimension), dimension };
  const spoken = { data: photo.data.slice(), dimension };
  spoken.data[5] = 1;
  const fitted = runAtOnce(new RegressionProblem(train).solve(1));
  const [before, after] = [photo, spoken].map((features) => {
    const output = new Float64Array(2);
    predictRow(fitted, features, 0, output);
    return output[1];
  });
  expect(Math.abs(after - before)).toBeLessThan(0.05);
  const byItself = runAtOnce(new RegressionProblem({ ...train, minDeviation: 0 }).solve(1));
  const output = new Float64Array(2);
  predictRow(byItself, spoken, 0, output);
  expect(Math.abs(output[1] - before)).toBeGreaterThan(0.3);
});

test('folds hold the classes alike, and keep groups together', () => {
  const labels = Int32Array.from({ length: 100 }, (_, row) => (row < 80 ? 0 : 1));
  const groups = labels.map((_, row) => Math.floor(row / 4));
  const alone = divideIntoFolds(labels, { folds: 5, seed: 1 });
  for (let fold = 0; fold < 5; fold++) {
    expect(labels.filter((label, row) => alone[row] === fold && label === 1)).toHaveLength(4);
  }
  const grouped = divideIntoFolds(labels, { folds: 5, seed: 1, groups });
  groups.forEach((group, row) => expect(grouped[row]).toBe(grouped[group * 4]));
});
