import { describe, expect, it } from 'vitest';
import { RunningMean, scoreClasses } from '../../../../src-main/engine/step/metrics.ts';
import {
  explainMemory,
  fittingBatchSize,
  tellsOfMemory,
} from '../../../../src-main/engine/base/out-of-memory.ts';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';

describe('a confusion matrix', () => {
  it('measures no recall of a class without images', () => {
    expect(
      scoreClasses([
        [3, 1],
        [0, 0],
      ])[1],
    ).toEqual({ precision: 0, recall: null, support: 0 });
  });

  it('gives precision and recall per class', () => {
    // Rows are true, columns predicted.
    const scores = scoreClasses([
      [8, 2, 0],
      [1, 9, 0],
      [3, 1, 0],
    ]);
    expect(scores[0]).toEqual({ precision: 8 / 12, recall: 0.8, support: 10 });
    expect(scores[1]).toEqual({ precision: 9 / 12, recall: 0.9, support: 10 });
    expect(scores[2]).toEqual({ precision: 0, recall: 0, support: 4 });
  });
});

describe('running means', () => {
  it('weigh batches by their images', () => {
    const mean = new RunningMean();
    expect(mean.loss).toBeNull();
    mean.add(10, 3, 4);
    mean.add(1, 1, 1);
    expect(mean.loss).toBeCloseTo(11 / 5);
    expect(mean.accuracy).toBeCloseTo(4 / 5);
    expect(RunningMean.from(mean.save()).loss).toBe(mean.loss);
  });
});

describe('out of memory', () => {
  it.each([
    'OOM when allocating tensor with shape[4096,148,148,32] and type float on cpu',
    'Resource exhausted: failed to allocate memory',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'Array buffer allocation failed',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ])('is recognised: %s', (text) => {
    expect(tellsOfMemory(text)).toBe(true);
    expect(explainMemory(new Error(text), 64, 1000, null)).toMatchObject({
      code: 'BACKEND_OUT_OF_MEMORY',
      params: { batchSize: 64, suggestedBatchSize: 32 },
    });
  });

  it('is told apart from other failures', () => {
    const other = new Error('Shapes do not match');
    expect(explainMemory(other, 64, 1000, null)).toBe(other);
    const known = new AppError('CANCELLED');
    expect(explainMemory(known, 64, 1000, null)).toBe(known);
  });

  it('suggests the half, or less where even that would not fit', () => {
    expect(fittingBatchSize(64, 1e6, 1e9)).toBe(32);
    expect(fittingBatchSize(64, 10e6, 100e6)).toBe(4);
    expect(fittingBatchSize(1, 1e9, 1)).toBe(1);
  });
});
