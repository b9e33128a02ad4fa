import { expect, test } from 'vitest';
import { comparePredictions } from '../../../../src-main/services/evaluation/compare-predictions.ts';
import reference from '../../../fixtures/paired/paired.json' with { type: 'json' };

test.each(reference.pairs)('counts what changed as scikit-learn does, with $classes classes', (pair) => {
  const photos = pair.truth.map((classId, at) => ({
    classId,
    before: pair.first[at],
    after: pair.second[at],
  }));
  const classes = Array.from({ length: pair.classes }, (_, id) => ({ id, name: `class ${id}` }));
  const found = comparePredictions(photos, classes)!;
  expect(found).toMatchObject({ better: pair.better, worse: pair.worse, images: photos.length });
  expect(found.accuracy.before).toBeCloseTo(pair.accuracy[0], 12);
  expect(found.accuracy.after).toBeCloseTo(pair.accuracy[1], 12);
  expect(found.pValue).toBeCloseTo(pair.pValue, 10);
  found.classes.forEach(({ recall }, at) => {
    const expected = pair.intervals[at];
    // A class without photos is not measured, which is not 0.
    if (expected === null) return expect(recall).toBeNull();
    expect(recall!.before).toBeCloseTo(pair.recall[0][at]!, 12);
    expect(recall!.after).toBeCloseTo(pair.recall[1][at]!, 12);
    expect(recall!.interval[0]).toBeCloseTo(expected[0], 10);
    expect(recall!.interval[1]).toBeCloseTo(expected[1], 10);
  });
  expect(found.classes.at(-1)!.recall).toBeNull();
});

test('tells a photo that is wrong in another way from one that changed for worse', () => {
  const found = comparePredictions(
    [
      { classId: 0, before: 1, after: 2 },
      { classId: 0, before: 1, after: 1 },
      { classId: 0, before: 0, after: 2 },
    ],
    [{ id: 0, name: 'cats' }],
  );
  expect(found).toMatchObject({ better: 0, worse: 1, other: 1, pValue: 1 });
  expect(comparePredictions([], [])).toBeNull();
});
