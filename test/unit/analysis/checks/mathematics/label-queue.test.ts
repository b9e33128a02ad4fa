import { describe, expect, test } from 'vitest';
import { firstRows, queueRows } from '../../../../../src-main/analysis/checks/mathematics/label-queue.ts';
import { clusteredFeatures } from '../../../../fixtures/clustered-features.ts';

const dimension = 32;
const groups = 6;
const count = 600;
const { data } = clusteredFeatures({ count, dimension, groups }, 0.5);
/** Rows that are like no other. */
const odd = [0, 1, 2];
for (const row of odd)
  for (let at = 0; at < dimension; at++) data[row * dimension + at] = at === row ? 50 : 0;
const reader = {
  dimension,
  read: (rows: ArrayLike<number>) => {
    const some = new Float32Array(rows.length * dimension);
    Array.from(rows).forEach((row, at) =>
      some.set(data.subarray(row * dimension, (row + 1) * dimension), at * dimension),
    );
    return Promise.resolve(some);
  },
};
const rows = Int32Array.from({ length: count }, (_, row) => row);
const groupsOf = (found: Int32Array): Set<number> => new Set(Array.from(found, (row) => row % groups));

describe('what is best labelled next', () => {
  test('is unsure, of all kinds, and no two alike', async () => {
    const doubts = Float32Array.from(rows, (row) => (row < 300 ? 0.9 : 0.05));
    const found = await queueRows(reader, { rows, doubts, seed: 1 });
    expect(found).toHaveLength(50);
    expect(new Set(found).size).toBe(50);
    expect(found.every((row) => row < 300)).toBe(true);
    expect(groupsOf(found.subarray(0, groups + 2)).size).toBe(groups);
  });

  test('is like many others: odd photos come after them, though nothing is as unsure', async () => {
    const doubts = Float32Array.from(rows, (row) => (odd.includes(row) ? 1 : 0.8));
    const found = await queueRows(reader, { rows, doubts, seed: 1 });
    for (const row of odd) expect(found.subarray(0, groups)).not.toContain(row);
  });

  test('is all there is, where there is little, and nothing where there is nothing', async () => {
    const few = Int32Array.of(5, 9, 40);
    const found = await queueRows(reader, { rows: few, doubts: Float32Array.of(0.1, 0.5, 0), seed: 1 });
    expect([...found].sort((a, b) => a - b)).toEqual([5, 9, 40]);
    const none = { rows: new Int32Array(), doubts: new Float32Array(), seed: 1 };
    expect(await queueRows(reader, none)).toHaveLength(0);
    expect(await firstRows(reader, none.rows, Int32Array.of(5), 1)).toHaveLength(0);
  });
});

describe('what is labelled first, when nothing is suggested yet', () => {
  test('is of all kinds', async () => {
    const found = await firstRows(reader, rows.subarray(3), new Int32Array(), 1);
    expect(groupsOf(found.subarray(0, groups + 1)).size).toBeGreaterThanOrEqual(groups - 1);
  });

  test('is unlike what has a label', async () => {
    const labelled = rows.filter((row) => row > 3 && row % groups < 3 && row < 120);
    const others = rows.filter((row) => row >= 120);
    const found = await firstRows(reader, others, labelled, 1);
    expect(groupsOf(found.subarray(0, 3))).toEqual(new Set([3, 4, 5]));
  });
});
