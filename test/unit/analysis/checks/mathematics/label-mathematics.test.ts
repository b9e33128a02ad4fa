import { describe, expect, test } from 'vitest';
import { suspectLabels } from '../../../../../src-main/analysis/checks/mathematics/confident-learning.ts';
import { outOfFold } from '../../../../../src-main/analysis/checks/mathematics/out-of-fold.ts';
import { outlyingness } from '../../../../../src-main/analysis/checks/mathematics/outlyingness.ts';
import { areaUnderCurve } from '../../../../../src-main/analysis/checks/catalogue/shortcut.ts';
import { createRandom, permutation } from '../../../../../src-main/core/random/random.ts';

/** Clusters of features as a backbone gives them: classes apart, but overlapping. */
function clusters(rows: number, classes: number, dimension: number, distance: number, seed = 1) {
  const random = createRandom(seed);
  const centres = Float32Array.from({ length: classes * dimension }, () => random.normal());
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const data = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimension; d++) {
      const centre = centres[labels[row] * dimension + d] * distance;
      data[row * dimension + d] = Math.max(0, centre + random.normal());
    }
  }
  return { data, dimension, labels };
}

/** Gives some rows a wrong label. */
function flip(labels: Int32Array, classes: number, share: number, seed = 9) {
  const random = createRandom(seed);
  const wrong = labels.slice();
  const flipped = permutation(labels.length, random).subarray(0, Math.round(labels.length * share));
  for (const row of flipped) wrong[row] = (labels[row] + 1 + random.integer(classes - 1)) % classes;
  return { wrong, flipped: new Set(flipped) };
}

describe.each([
  ['two classes', 1200, 2, 96, 0.35],
  ['five classes', 1500, 5, 128, 0.4],
])('labels flipped on purpose, %s', (_what, rows, classes, dimension, distance) => {
  const { data, labels } = clusters(rows, classes, dimension, distance);
  const { wrong, flipped } = flip(labels, classes, 0.05);
  const probabilities = outOfFold({ data, dimension }, wrong, { classes, seed: 1 });
  const suspects = suspectLabels(probabilities, wrong, classes);

  test('at least 80% of them are among the first tenth', () => {
    const first = suspects.slice(0, Math.round(rows / 10));
    const caught = first.filter(({ row }) => flipped.has(row));
    expect(caught.length / flipped.size).toBeGreaterThanOrEqual(0.8);
  });

  test('the class they were taken from is suggested', () => {
    const caught = suspects.filter(({ row }) => flipped.has(row));
    const right = caught.filter(({ row, suggested }) => suggested === labels[row]);
    expect(right.length / caught.length).toBeGreaterThan(0.9);
  });

  test('few right labels are suspected', () => {
    const confident = suspects.filter(({ confident: sure }) => sure);
    const innocent = confident.filter(({ row }) => !flipped.has(row));
    expect(innocent.length).toBeLessThan(rows * 0.05);
  });
});

test('out of fold, labels without any pattern cannot be told', () => {
  const { data, dimension } = clusters(600, 1, 32, 1);
  const random = createRandom(4);
  const labels = Int32Array.from({ length: 600 }, () => random.integer(2));
  const probabilities = outOfFold({ data, dimension }, labels, { classes: 2, seed: 1 });
  expect(areaUnderCurve(probabilities, labels, 0, 2)).toBeGreaterThan(0.35);
  expect(areaUnderCurve(probabilities, labels, 0, 2)).toBeLessThan(0.65);
});

test('copies of one photo do not vouch for each other', () => {
  const { data, dimension } = clusters(300, 1, 400, 1);
  const random = createRandom(2);
  // Each photo is there twice, with a label drawn by lot: only its copy could tell.
  for (let row = 0; row < 300; row += 2) {
    data.copyWithin((row + 1) * dimension, row * dimension, (row + 1) * dimension);
  }
  const labels = new Int32Array(300);
  for (let row = 0; row < 300; row += 2) labels[row] = labels[row + 1] = random.integer(2);
  const groups = Int32Array.from({ length: 300 }, (_, row) => row >> 1);
  const honest = outOfFold({ data, dimension }, labels, { classes: 2, seed: 1, groups });
  const leaking = outOfFold({ data, dimension }, labels, { classes: 2, seed: 1 });
  expect(areaUnderCurve(honest, labels, 1, 2)).toBeLessThan(0.65);
  expect(areaUnderCurve(leaking, labels, 1, 2)).toBeGreaterThan(0.75);
});

test('a class of a single photo leaves nothing to say', () => {
  const { data, dimension } = clusters(20, 1, 8, 1);
  const labels = new Int32Array(20);
  labels[3] = 1;
  expect(new Set(outOfFold({ data, dimension }, labels, { classes: 2, seed: 1 }))).toEqual(new Set([0.5]));
});

test('photos unlike their class stand out, and only they', () => {
  const { data, dimension, labels } = clusters(500, 2, 64, 1);
  const odd = [7, 120, 333];
  const random = createRandom(8);
  for (const row of odd) {
    for (let d = 0; d < dimension; d++) data[row * dimension + d] = 6 * random.next() * (d % 2);
  }
  const scores = outlyingness({ data, dimension }, labels, 1);
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  expect(order.slice(0, 3).sort((a, b) => a - b)).toEqual(odd);
  expect(scores.filter((score) => score > 4).length).toBeLessThan(15);
});

test('the area under the curve is 1 for a perfect order, ½ for none, ties counted half', () => {
  const labels = Int32Array.from([0, 0, 1, 1]);
  const of = (...values: number[]) => Float32Array.from(values.flatMap((value) => [1 - value, value]));
  expect(areaUnderCurve(of(0.1, 0.2, 0.8, 0.9), labels, 1, 2)).toBe(1);
  expect(areaUnderCurve(of(0.9, 0.8, 0.2, 0.1), labels, 1, 2)).toBe(0);
  expect(areaUnderCurve(of(0.5, 0.5, 0.5, 0.5), labels, 1, 2)).toBe(0.5);
  expect(areaUnderCurve(of(0.1, 0.5, 0.5, 0.9), labels, 1, 2)).toBe(0.875);
});
