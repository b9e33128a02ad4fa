import { describe, expect, test } from 'vitest';
import type {
  CheckInfo,
  CheckRun,
  DatasetImage,
  Finding,
} from '../../../../../src-main/contract/app/index.ts';
import { effectsOf, factsOf, photoWords } from '../../../../../src-renderer/features/checks/finding-words.ts';
import { groupChecks } from '../../../../../src-renderer/features/checks/check-groups.ts';
import {
  checksActivity,
  findingsText,
  freshnessText,
  needsText,
  runEndSentence,
} from '../../../../../src-renderer/features/checks/text.ts';
import { useFindingSelection } from '../../../../../src-renderer/features/checks/finding-selection.ts';

function check(id: string, part: Partial<CheckInfo> = {}): CheckInfo {
  return {
    id,
    label: id,
    severity: 'warning',
    explanation: '',
    fix: null,
    status: 'fresh',
    needs: null,
    findings: 0,
    images: 0,
    dismissed: 0,
    ranAt: '2026-11-23T10:00:00Z',
    ...part,
  };
}

function image(id: number, part: Partial<DatasetImage>): DatasetImage {
  return {
    id,
    path: `cats/${id}.jpg`,
    width: 10,
    height: 10,
    bytes: 10,
    format: 'jpeg',
    classId: 1,
    split: 'train',
    excluded: false,
    comment: null,
    takenAt: null,
    camera: null,
    checks: [],
    prediction: null,
    ...part,
  };
}

function run(part: Partial<CheckRun>): CheckRun {
  return {
    id: 'checks-1',
    status: 'running',
    progress: { phase: 'measuring photos', done: 50, total: 200, rate: 10, secondsLeft: 15 },
    checks: ['blur', 'dark'],
    finished: [],
    findings: 0,
    error: null,
    ...part,
  };
}

test('checks with findings come first, the grave ones before the others', () => {
  const groups = groupChecks([
    check('note', { severity: 'note', findings: 9 }),
    check('clean'),
    check('never', { status: 'never', ranAt: null }),
    check('grave', { severity: 'error', findings: 1 }),
    check('old', { status: 'stale', findings: 2 }),
  ]);
  expect(groups.found.map(({ id }) => id)).toEqual(['grave', 'old', 'note']);
  expect(groups.clean.map(({ id }) => id)).toEqual(['clean']);
  expect(groups.waiting.map(({ id }) => id)).toEqual(['never']);
});

describe('words', () => {
  test('of findings and photos', () => {
    expect(findingsText({ findings: 1, images: 1 })).toBe('1 finding');
    expect(findingsText({ findings: 2, images: 5 })).toBe('2 findings, 5 photos');
    expect(findingsText({ findings: 3, images: 0 })).toBe('3 findings');
  });

  test('of when, and of what is missing', () => {
    expect(freshnessText(check('x', { ranAt: null }))).toBe('Not run yet');
    expect(freshnessText(check('x', { status: 'stale' }))).toMatch(/^Before the last changes, /);
    expect(needsText({ needs: null }, false)).toBe('');
    expect(needsText({ needs: 'features' }, false)).toBe(
      'Needs features, and there is none on this computer.',
    );
    expect(needsText({ needs: 'features' }, true)).toMatch(/Not run yet/);
  });

  test('of a run under way, and of its end', () => {
    expect(checksActivity(run({}))).toEqual({
      what: 'Checking photos',
      facts: ['Measuring photos', '50 of 200', '15 s left'],
      fraction: 0.25,
      path: '/check',
    });
    expect(checksActivity(run({ status: 'done' }))).toBeNull();
    expect(runEndSentence(run({ status: 'done', findings: 3 }))).toBe('Checks finished: 3 findings.');
    expect(runEndSentence(run({ status: 'done' }))).toBe('Checks finished: nothing found.');
  });

  test('of a photo for those who do not see it', () => {
    const classes = new Map([[1, { name: 'cats' }]]);
    expect(photoWords(image(7, {}), classes)).toBe('7.jpg, cats, training');
    expect(photoWords(image(7, { classId: null, split: null }), classes)).toBe(
      '7.jpg, no label, in no split',
    );
  });
});

test('classes and splits of a finding, in short', () => {
  const photos = new Map([
    [1, image(1, { classId: 2 })],
    [2, image(2, { classId: 1 })],
    [3, image(3, { classId: 1, split: 'test' })],
  ]);
  const finding = (sample: number[]): Finding => ({
    id: 1,
    check: 'x',
    severity: 'error',
    message: '',
    score: 1,
    sample,
    images: sample.length,
    paths: [],
    key: 'k',
    dismissed: false,
    fixable: true,
    suggestedClassId: null,
  });
  expect(factsOf(finding([1, 2, 3]), photos)).toEqual({ classes: [1, 2], splits: '2 training, 1 test' });
  expect(factsOf(finding([3]), photos)).toEqual({ classes: [1], splits: 'test' });
});

test('findings are chosen by key, in ranges, and stay chosen when the list is read anew', () => {
  let rows: ({ id: number; key: string } | undefined)[] = [1, 2, 3, 4].map((id) => ({ id, key: `k${id}` }));
  const { chosen, toggle, chooseAll, clear } = useFindingSelection(() => rows);
  toggle(0);
  toggle(2, true);
  expect(chosen.value.map(({ id }) => id)).toEqual([1, 2, 3]);
  toggle(1);
  expect(chosen.value.map(({ id }) => id)).toEqual([1, 3]);
  rows = [{ id: 9, key: 'k3' }, undefined];
  toggle(1);
  clear();
  expect(chosen.value).toEqual([]);
  chooseAll();
  expect(chosen.value).toEqual([{ id: 9, key: 'k3' }]);
});

test('what a fix would do, photo by photo', () => {
  const classes = new Map([[2, { name: 'dogs' }]]);
  const effects = effectsOf(
    [
      { type: 'excluded', images: '1-2', excluded: true },
      { type: 'split', images: '3', split: 'test' },
      { type: 'label', images: '3-4', classId: 2 },
      { type: 'dismissal', key: 'k', dismissed: true },
    ],
    classes,
  );
  expect([...effects]).toEqual([
    [1, 'would be excluded'],
    [2, 'would be excluded'],
    [3, 'would move to test, would become dogs'],
    [4, 'would become dogs'],
  ]);
});
