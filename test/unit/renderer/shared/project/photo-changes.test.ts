import { describe, expect, test } from 'vitest';
import type { DatasetImage, DatasetSummary } from '../../../../../src-main/contract/app/index.ts';
import {
  guessChanges,
  listAfter,
  listMustBeAsked,
  photosAfter,
  rangeTest,
  reordered,
} from '../../../../../src-renderer/shared/project/photo-changes.ts';
import { summaryAfter } from '../../../../../src-renderer/shared/project/summary-changes.ts';

const [cats, dogs] = [10, 11];
const classes = [
  { id: cats, name: 'cats', index: 0, images: 2, none: false },
  { id: dogs, name: 'dogs', index: 1, images: 1, none: false },
];
function photo(id: number, classId: number | null, split: DatasetImage['split'] = null): DatasetImage {
  return {
    id,
    path: `${id}.jpg`,
    width: 10,
    height: 10,
    bytes: 100,
    format: 'jpeg',
    classId,
    split,
    excluded: false,
    comment: null,
    takenAt: null,
    camera: null,
    checks: [],
    prediction: null,
  };
}
const photos = new Map(
  [photo(1, cats, 'train'), photo(2, cats), photo(3, dogs), photo(4, null)].map((one) => [one.id, one]),
);
const summary: DatasetSummary = {
  images: 4,
  unlabelled: 1,
  excluded: 0,
  unassigned: 2,
  quarantined: 0,
  classes,
  splits: { train: { cats: 1 } },
  splitOrigin: 'seeded',
  splitSeed: 1,
};
const plain = { by: 'added', descending: false } as const;

test('ranges are tested without being unpacked', () => {
  const inside = rangeTest('2-5,9,100-5000000');
  expect([1, 2, 5, 6, 9, 10, 99, 100, 4_999_999, 5_000_001].filter(inside)).toEqual([
    2, 5, 9, 100, 4_999_999,
  ]);
  expect(rangeTest('')(1)).toBe(false);
});

describe('photos', () => {
  test('a label shows on exactly the photos of the edit; the ones before are left as they were', () => {
    const after = photosAfter(photos, guessChanges({ kind: 'label', images: '2-4', classId: dogs }, classes));
    expect([...after.values()].map(({ classId }) => classId)).toEqual([cats, dogs, dogs, dogs]);
    expect([...photos.values()].map(({ classId }) => classId)).toEqual([cats, cats, dogs, null]);
    expect(after.get(1)).toBe(photos.get(1));
  });

  test('photos that are not known cost nothing', () => {
    expect(photosAfter(photos, [{ type: 'label', images: '1000-900000', classId: cats }])).toBe(photos);
  });

  test('splits, leaving out and comments are guessed; new classes are not', () => {
    const edits = [
      { kind: 'split', images: '1', split: 'test' },
      { kind: 'exclude', images: '1' },
      { kind: 'comment', images: '1', comment: ' blurred ' },
    ] as const;
    const after = photosAfter(
      photos,
      edits.flatMap((edit) => guessChanges(edit, classes)),
    );
    expect(after.get(1)).toMatchObject({ split: 'test', excluded: true, comment: 'blurred' });
    expect(guessChanges({ kind: 'label-as', images: '1', name: 'foxes' }, classes)).toEqual([]);
    expect(guessChanges({ kind: 'label-as', images: '1', name: 'dogs' }, classes)).toHaveLength(1);
  });
});

describe('the list', () => {
  const ids = [1, 2, 3, 4];
  const toDogs = guessChanges({ kind: 'label', images: '1-2', classId: dogs }, classes);

  test('photos that no longer fit the filter leave at once', () => {
    expect(listAfter(ids, toDogs, { classId: cats })).toEqual([3, 4]);
    expect(
      listAfter([4], guessChanges({ kind: 'label', images: '4', classId: cats }, classes), {
        unlabelled: true,
      }),
    ).toEqual([]);
    expect(listAfter(ids, guessChanges({ kind: 'exclude', images: '2' }, classes), {})).toEqual([1, 3, 4]);
  });

  test('without a filter it stays the very same', () => {
    expect(listAfter(ids, toDogs, {})).toBe(ids);
    expect(listMustBeAsked(toDogs, {}, plain)).toBe(false);
  });

  test('it is asked for again when photos may come in or move', () => {
    expect(listMustBeAsked(toDogs, { classId: cats }, plain)).toBe(false);
    expect(listMustBeAsked(toDogs, { classId: dogs }, plain)).toBe(true);
    expect(listMustBeAsked(toDogs, { prediction: 'wrong' }, plain)).toBe(true);
    expect(listMustBeAsked(toDogs, {}, { by: 'class', descending: false })).toBe(true);
    expect(listMustBeAsked([{ type: 'excluded', images: '1', excluded: false }], {}, plain)).toBe(true);
  });
});

describe('counts', () => {
  const countsAfter = (...changes: Parameters<typeof summaryAfter>[2]) =>
    summaryAfter(summary, photos, changes);

  test('move with the labels', () => {
    const after = countsAfter({ type: 'label', images: '1,4', classId: dogs });
    expect(after.classes.map(({ images }) => images)).toEqual([1, 3]);
    expect(after).toMatchObject({
      images: 4,
      unlabelled: 0,
      unassigned: 3,
      splits: { train: { cats: 0, dogs: 1 } },
    });
    expect(summary.classes.map(({ images }) => images)).toEqual([2, 1]);
  });

  test('follow each other when one photo changes twice', () => {
    const after = countsAfter(
      { type: 'label', images: '4', classId: dogs },
      { type: 'label', images: '4', classId: cats },
    );
    expect(after.classes.map(({ images }) => images)).toEqual([3, 1]);
  });

  test('photos that are left out count nowhere else', () => {
    const after = countsAfter({ type: 'excluded', images: '1', excluded: true });
    expect(after).toMatchObject({ images: 3, excluded: 1, splits: { train: { cats: 0 } } });
    expect(after.classes[0].images).toBe(1);
  });

  test('stay where some photos are not known, until they are counted again', () => {
    const after = countsAfter({ type: 'label', images: '4-5', classId: cats });
    expect(after.classes.map(({ images }) => images)).toEqual([2, 1]);
  });

  test('a renamed class takes its splits along', () => {
    const after = countsAfter({ type: 'class', id: cats, name: 'felines', position: 0, none: false });
    expect(after.classes[0].name).toBe('felines');
    expect(after.splits).toEqual({ train: { felines: 1 } });
  });
});

describe('a list in a new order', () => {
  test('keeps what is before and at the current photo; the rest follows the order', () => {
    expect(reordered([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], 2)).toEqual([1, 2, 5, 4, 3]);
    expect(reordered([1, 2, 3], [3, 1, 2], null)).toEqual([3, 1, 2]);
    expect(reordered([1, 2, 3], [3, 1, 2], 9)).toEqual([3, 1, 2]);
  });

  test('neither brings back photos that were labelled meanwhile nor loses ones that came', () => {
    expect(reordered([2, 3, 4], [9, 4, 3], 2)).toEqual([2, 4, 3]);
    expect(reordered([2, 3, 4], [4, 2], null)).toEqual([4, 2, 3]);
  });
});
