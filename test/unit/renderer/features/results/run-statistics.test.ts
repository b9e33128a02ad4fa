import { expect, test } from 'vitest';
import {
  compareTested,
  differenceInterval,
  groupRuns,
  listed,
  spreadOf,
  spreadText,
} from '../../../../../src-renderer/features/results/run-statistics.ts';
import { makeRun } from '../../../../fixtures/make-run.ts';

test('computes the spread as mean and sample standard deviation', () => {
  const spread = spreadOf([0.97, 0.98, 0.99]);
  expect(spread?.mean).toBeCloseTo(0.98, 12);
  expect(spread?.deviation).toBeCloseTo(0.01, 12);
  expect(spread).toMatchObject({ count: 3, least: 0.97, greatest: 0.99 });
  expect(spreadText(spread!)).toBe('98.0% ± 1.0');
  expect(spreadOf([])).toBeNull();
  expect(spreadOf([0.5])?.deviation).toBeNull();
  expect(spreadText(spreadOf([0.5])!)).toBe('50.0%');
});

test('computes the interval of a difference as in the paper', () => {
  // Newcombe 1998, table II: 56/70 against 48/80, and 9/10 against 3/10, method 10.
  const [low, high] = differenceInterval(
    { name: 'A', accuracy: 56 / 70, images: 70 },
    { name: 'B', accuracy: 48 / 80, images: 80 },
  );
  expect(low).toBeCloseTo(0.0524, 4);
  expect(high).toBeCloseTo(0.3339, 4);
  const few = differenceInterval(
    { name: 'A', accuracy: 0.9, images: 10 },
    { name: 'B', accuracy: 0.3, images: 10 },
  );
  expect(few[0]).toBeCloseTo(0.1705, 4);
  expect(few[1]).toBeCloseTo(0.809, 4);
});

test('requires larger differences for several comparisons at once', () => {
  const a = { name: 'A', accuracy: 0.98, images: 1000 };
  const b = { name: 'B', accuracy: 0.965, images: 1000 };
  const alone = differenceInterval(a, b);
  const among = differenceInterval(a, b, 5);
  expect(among[0]).toBeLessThan(alone[0]);
  expect(among[1]).toBeGreaterThan(alone[1]);
  expect(alone[0]).toBeGreaterThan(0);
  expect(among[0]).toBeLessThan(0);
});

test('says whether two runs differ by more than chance', () => {
  const a = { name: 'A', accuracy: 0.986, images: 1000 };
  const close = compareTested([{ name: 'B', accuracy: 0.977, images: 1000 }, a]);
  expect(close.kind).toBe('chance');
  expect(close.sentence).toMatch(/^A is 0\.9 percentage points ahead of B, but that is within chance/);
  expect(close.sentence).toContain('1,000 test photos');
  const far = compareTested([a, { name: 'B', accuracy: 0.72, images: 1000 }]);
  expect(far.kind).toBe('real');
  expect(far.sentence).toMatch(/^A is 26\.6 percentage points better than B, more than chance explains/);
  // The same shares on a hundredth of the photos prove nothing.
  expect(
    compareTested([
      { ...a, images: 10 },
      { name: 'B', accuracy: 0.72, images: 10 },
    ]).kind,
  ).toBe('chance');
  expect(compareTested([a, { ...a, name: 'B' }]).sentence).toContain('A and B name the same share');
  expect(compareTested([a]).kind).toBe('none');
});

test('says which of many runs the best one beats', () => {
  const tested = [
    { name: 'A', accuracy: 0.72, images: 1000 },
    { name: 'B', accuracy: 0.985, images: 1000 },
    { name: 'C', accuracy: 0.98, images: 1000 },
  ];
  const { kind, sentence } = compareTested(tested);
  expect(kind).toBe('real');
  expect(sentence).toContain('B is better than A by more than chance explains');
  expect(sentence).toContain('Against C the difference is within chance');
  const level = compareTested(
    [0.98, 0.98, 0.975].map((accuracy, i) => ({ name: 'ABC'[i], accuracy, images: 500 })),
  );
  expect(level.kind).toBe('chance');
  expect(level.sentence).toContain('A and B have the best figure');
});

test('groups the runs of a series and leaves the others alone', () => {
  const runs = [
    makeRun({ id: 'd', series: null }),
    makeRun({ id: 'c', series: 's', accuracy: 0.96 }),
    makeRun({ id: 'b', series: 's', accuracy: 0.98 }),
    makeRun({ id: 'a', series: 'lone', accuracy: 0.9 }),
  ];
  const groups = groupRuns(runs);
  expect(groups.map(({ id, series }) => [id, series])).toEqual([
    ['d', null],
    ['s', 's'],
    ['a', null],
  ]);
  expect(groups[1].runs.map(({ id }) => id)).toEqual(['b', 'c']);
  expect(groups[1].spread?.mean).toBeCloseTo(0.97, 12);
  expect(groups[0].spread).toBeNull();
});

test('joins names to a list with commas and "and"', () => {
  expect(listed([])).toBe('');
  expect(listed(['A'])).toBe('A');
  expect(listed(['A', 'B', 'C'])).toBe('A, B and C');
});
