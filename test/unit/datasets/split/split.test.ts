import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import type { Split } from '../../../../src-main/contract/shared/vocabulary.ts';
import { type SplitItem, apportion, drawSplit } from '../../../../src-main/datasets/split/split.ts';

const usual = { train: 0.7, validation: 0.15, test: 0.15 };

function items(counts: Record<number, number>): SplitItem[] {
  let id = 0;
  return Object.entries(counts).flatMap(([classId, count]) =>
    Array.from({ length: count }, () => ({ id: ++id, classId: Number(classId), hash: `hash ${id}` })),
  );
}

function table(all: readonly SplitItem[], drawn: ReadonlyMap<number, Split>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { id, classId } of all) {
    const key = `${classId} ${drawn.get(id)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe('apportion', () => {
  test('parts add up, by largest remainders', () => {
    expect(apportion(10, { train: 1 / 3, validation: 1 / 3, test: 1 / 3 })).toEqual({
      train: 4,
      validation: 3,
      test: 3,
    });
    for (let count = 0; count < 200; count++) {
      const { train, validation, test: tested } = apportion(count, usual);
      expect(train + validation + tested).toBe(count);
      expect(Math.abs(train - count * 0.7)).toBeLessThanOrEqual(2);
    }
  });

  test('small classes: training first, then validation, then test', () => {
    expect(apportion(1, usual)).toEqual({ train: 1, validation: 0, test: 0 });
    expect(apportion(2, usual)).toEqual({ train: 1, validation: 1, test: 0 });
    expect(apportion(3, usual)).toEqual({ train: 1, validation: 1, test: 1 });
    expect(apportion(4, { train: 0.98, validation: 0.01, test: 0.01 })).toEqual({
      train: 2,
      validation: 1,
      test: 1,
    });
  });

  test('a part that is not wanted gets nothing', () => {
    expect(apportion(5, { train: 0.8, validation: 0.2, test: 0 })).toEqual({
      train: 4,
      validation: 1,
      test: 0,
    });
  });
});

describe('drawSplit', () => {
  const all = items({ 1: 100, 2: 20, 3: 3 });

  test('divides each class alike', () => {
    expect(table(all, drawSplit(all, usual, 1))).toEqual({
      '1 train': 70,
      '1 validation': 15,
      '1 test': 15,
      '2 train': 14,
      '2 validation': 3,
      '2 test': 3,
      '3 train': 1,
      '3 validation': 1,
      '3 test': 1,
    });
  });

  test('the same seed gives the same split in whatever order the images come; another seed another one', () => {
    const first = drawSplit(all, usual, 1);
    const backwards = drawSplit([...all].reverse(), usual, 1);
    expect(all.map(({ id }) => backwards.get(id))).toEqual(all.map(({ id }) => first.get(id)));
    const other = drawSplit(all, usual, 2);
    expect(all.filter(({ id }) => other.get(id) !== first.get(id)).length).toBeGreaterThan(20);
  });

  test('equal pictures are never in two splits', () => {
    const copies = items({ 1: 60 }).map((item) => ({ ...item, hash: `hash ${item.id % 12}` }));
    const drawn = drawSplit(copies, usual, 5);
    for (let hash = 0; hash < 12; hash++) {
      const of = copies.filter((item) => item.hash === `hash ${hash}`).map(({ id }) => drawn.get(id));
      expect(new Set(of).size).toBe(1);
    }
    expect(new Set(drawn.values()).size).toBe(3);
  });

  test.each([
    [{ train: 0.5, validation: 0.2, test: 0.2 }],
    [{ train: 0, validation: 0.5, test: 0.5 }],
    [{ train: 1.2, validation: -0.1, test: -0.1 }],
    [{ train: Number.NaN, validation: 0.5, test: 0.5 }],
  ])('fractions that do not fit are refused: %j', (fractions) => {
    expect(() => drawSplit(all, fractions, 1)).toThrowError(AppError);
  });
});
