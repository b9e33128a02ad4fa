import { describe, expect, test } from 'vitest';
import type { Cleaning } from '../../../../../src-main/contract/app/index.ts';
import {
  cleaningChanges,
  cleaningVerdict,
  leakWords,
} from '../../../../../src-renderer/features/results/cleaning-words.ts';

const cleaning = (
  before: number,
  after: number,
  leaks: Cleaning['leaks'] = null,
  part: Partial<Cleaning> = {},
): Cleaning => ({
  before: { run: 'a', name: 'First', accuracy: before, images: 200, interval: null },
  after: { accuracy: after, images: 180, interval: null },
  sameSettings: true,
  excluded: 12,
  relabelled: 1,
  moved: 0,
  added: 0,
  leaks,
  ...part,
});

describe('accuracy before and after cleaning', () => {
  test('says what was cleaned', () => {
    expect(cleaningChanges(cleaning(0.9, 0.9))).toBe(
      'In between 12 photos were left out and 1 label was changed. The test is on 180 photos now.',
    );
  });

  test('calls a lower accuracy without leaks the honest figure', () => {
    const fallen = cleaning(0.99, 0.8, { before: 40, after: 0 });
    expect(cleaningVerdict(fallen)).toContain('19.0 percentage points less');
    expect(cleaningVerdict(fallen)).toContain('this is the honest figure');
    expect(cleaningVerdict(fallen)).not.toContain('chance');
    const few = cleaning(0.9, 0.85, { before: 4, after: 0 });
    expect(cleaningVerdict(few)).toContain('chance alone may make such a difference');
    expect(leakWords(fallen)).toBe('Before, 40 test photos were like a training photo; now none is.');
    const half = cleaning(0.99, 0.8, { before: 40, after: 1 });
    expect(cleaningVerdict(half)).toContain('closer to the honest figure');
    expect(leakWords(half)).toContain('now 1 is');
  });

  test('says whether a rise or fall without leaks is larger than chance', () => {
    expect(cleaningVerdict(cleaning(0.9, 0.89))).toContain('less, within chance');
    expect(cleaningVerdict(cleaning(0.7, 0.95))).toContain('more, more than chance explains');
    expect(cleaningVerdict(cleaning(0.9, 0.9))).toBe('No difference.');
    expect(leakWords(cleaning(0.9, 0.9, { before: 0, after: 0 }))).toBe('');
  });

  test('says that the settings differ as well', () => {
    expect(cleaningVerdict(cleaning(0.8, 0.9, null, { sameSettings: false }))).toContain(
      'The settings differ as well',
    );
  });
});
