import { describe, expect, test } from 'vitest';
import { suggestLabels } from '../../../../../src-main/analysis/checks/mathematics/suggest-labels.ts';
import { clusteredFeatures } from '../../../../fixtures/clustered-features.ts';

const dimension = 64;
const groups = 3;
const count = 900;
const { data } = clusteredFeatures({ count, dimension, groups }, 1.2);
const reader = {
  dimension,
  read: (rows: Int32Array) => {
    const some = new Float32Array(rows.length * dimension);
    rows.forEach((row, at) =>
      some.set(data.subarray(row * dimension, (row + 1) * dimension), at * dimension),
    );
    return Promise.resolve(some);
  },
};
const all = Int32Array.from({ length: count }, (_, row) => row);
const classIds = Int32Array.of(7, 12, 30);
/** Class ids as they would be, of which only the first few are known. */
const labelsOf = (known: number): Int32Array => all.map((row) => (row < known ? classIds[row % groups] : -1));
const rightShare = (classes: Int32Array, from: number): number =>
  classes.subarray(from).filter((id, at) => id === classIds[(from + at) % groups]).length / (count - from);

describe('suggestions from a few labels', () => {
  test('are mostly right for the others, and answer with class ids', async () => {
    const found = await suggestLabels(reader, all, { labels: labelsOf(30), classIds, seed: 1 });
    expect(new Set(found.classes)).toEqual(new Set(classIds));
    expect(rightShare(found.classes, 30)).toBeGreaterThan(0.9);
  });

  test('get better with more labels', async () => {
    const few = await suggestLabels(reader, all, { labels: labelsOf(9), classIds, seed: 1 });
    const many = await suggestLabels(reader, all, { labels: labelsOf(300), classIds, seed: 1 });
    expect(rightShare(many.classes, 300)).toBeGreaterThan(rightShare(few.classes, 300));
  });

  test('are less certain where they are wrong', async () => {
    const { classes, probabilities } = await suggestLabels(reader, all, {
      labels: labelsOf(12),
      classIds,
      seed: 1,
    });
    const mean = (right: boolean): number => {
      const some = [...all].filter((row) => row >= 12 && (classes[row] === classIds[row % groups]) === right);
      return some.reduce((sum, row) => sum + probabilities[row], 0) / some.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.1);
    expect(Math.max(...probabilities)).toBeLessThanOrEqual(1);
  });

  test('rows without features and classes that are not to be learnt get none', async () => {
    const rows = all.filter((row) => row !== 500);
    const two = classIds.subarray(0, 2);
    const found = await suggestLabels(reader, rows, { labels: labelsOf(60), classIds: two, seed: 1 });
    expect(found.classes[500]).toBe(-1);
    expect(found.classes).not.toContain(30);
  });

  test('are the same for the same labels', async () => {
    const once = await suggestLabels(reader, all, { labels: labelsOf(30), classIds, seed: 1 });
    expect(await suggestLabels(reader, all, { labels: labelsOf(30), classIds, seed: 1 })).toEqual(once);
  });
});
