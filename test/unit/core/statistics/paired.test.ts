import { expect, test } from 'vitest';
import { mcnemarTest, pairedDifference } from '../../../../src-main/core/statistics/paired.ts';
import { wilsonInterval } from '../../../../src-main/core/statistics/statistics.ts';
import reference from '../../../fixtures/paired/paired.json' with { type: 'json' };

/** The largest difference of two pairs of numbers. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, at) => Math.abs(value - b[at])));

test.each(reference.tables)('tests and measures pairs as statsmodels does: $counts', (table) => {
  const { counts, pValue, interval } = table;
  const p = mcnemarTest(counts.onlyFirst, counts.onlySecond);
  expect(Math.abs(p - pValue)).toBeLessThanOrEqual(1e-9 * pValue);
  expect(apart(pairedDifference(counts)!, interval)).toBeLessThan(1e-9);
});

test.each(reference.shares)('gives Wilson intervals as statsmodels does: $right of $total', (share) => {
  expect(apart(wilsonInterval(share.right, share.total)!, share.interval)).toBeLessThan(1e-9);
});

test('measures nothing where there is no photo', () => {
  expect(pairedDifference({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 })).toBeNull();
  expect(mcnemarTest(0, 0)).toBe(1);
});
