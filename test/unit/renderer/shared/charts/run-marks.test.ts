import { expect, test } from 'vitest';
import { bestEpochOf, endSentence, stageMarks } from '../../../../../src-renderer/shared/charts/run-marks.ts';
import { makeHistory, makeRun } from '../../../../fixtures/make-run.ts';

const twoStages = makeHistory([
  { name: 'head', losses: [0.5, 0.1, 0.4] },
  { name: 'fine-tuning', losses: [0.3, 0.2, 0.25, 0.3] },
]);

test('a line stands where the stage changes, and none where there is one stage only', () => {
  expect(stageMarks(twoStages)).toEqual([
    { name: 'Head', x: 0 },
    { name: 'Fine-tuning', x: 3.5 },
  ]);
  expect(stageMarks(makeHistory([{ name: 'training', losses: [1, 2] }]))).toEqual([]);
  expect(stageMarks([])).toEqual([]);
});

test('the best epoch is that of the last stage, and only marked when it is kept', () => {
  const kept = makeRun({ history: twoStages, settings: { keepBest: true } });
  expect(bestEpochOf(kept)?.epoch).toBe(5);
  expect(bestEpochOf(makeRun({ history: twoStages }))).toBeNull();
  const unvalidated = makeHistory([{ name: 'training', losses: [null, null] }]);
  expect(bestEpochOf(makeRun({ history: unvalidated, settings: { keepBest: true } }))).toBeNull();
});

test('a head that was solved for first competes with the epochs of fine-tuning', () => {
  const settings = { keepBest: true, epochs: 2 };
  const history = makeHistory([
    { name: 'head', losses: [0.2] },
    { name: 'fine-tuning', losses: [0.3, 0.25] },
  ]);
  const run = makeRun({ recipe: 'tuned-probe', history, settings });
  expect(bestEpochOf(run)?.epoch).toBe(1);
  expect(endSentence(run)).toContain('Fine-tuning did not lower the validation loss');
  const better = makeHistory([
    { name: 'head', losses: [0.2] },
    { name: 'fine-tuning', losses: [0.1, 0.25] },
  ]);
  expect(endSentence({ ...run, history: better })).toBe('The weights of epoch 2, the best, are kept.');
});

test('an early end is told in words, with what is kept', () => {
  const history = makeHistory([{ name: 'training', losses: [0.5, 0.2, 0.3, 0.3, 0.3] }]);
  const run = makeRun({ history, settings: { patience: 3, keepBest: true, epochs: 40 } });
  expect(endSentence(run)).toBe(
    'Ended 35 epochs early: none of the last 3 had a lower validation loss than epoch 2. The weights of epoch 2, the best, are kept.',
  );
  expect(endSentence({ ...run, status: 'training' })).toBe('');
  expect(endSentence(makeRun({ history, settings: { epochs: 5 } }))).toBe('');
  // All epochs were trained, but not the last one is kept.
  expect(endSentence(makeRun({ history, settings: { epochs: 5, keepBest: true } }))).toBe(
    'The weights of epoch 2, the best, are kept.',
  );
});
