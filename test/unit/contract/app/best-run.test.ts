import { expect, test } from 'vitest';
import { type RankedRun, bestFirst } from '../../../../src-main/contract/app/best-run.ts';

let age = 0;
/** Each run is newer than the one before. */
const run = (
  name: string,
  part: Partial<RankedRun> & { accuracy?: number },
): RankedRun & { name: string } => ({
  name,
  status: 'done',
  createdAt: new Date(Date.UTC(2026, 0, 1) + 1000 * ++age).toISOString(),
  classes: ['cats', 'dogs'],
  test: part.accuracy === undefined ? null : { accuracy: part.accuracy },
  validation: null,
  ...part,
});
const names = (runs: (RankedRun & { name: string })[]): string[] => bestFirst(runs).map(({ name }) => name);

test('an interrupted or failed run comes after every finished one, however new and good it is', () => {
  const runs = [
    run('weak', { accuracy: 0.7 }),
    run('good', { accuracy: 0.9 }),
    run('stopped', { accuracy: 0.8, status: 'stopped' }),
    run('failed', { validation: 0.99, status: 'failed' }),
    run('interrupted', { validation: 1, status: 'interrupted' }),
  ];
  expect(names(runs)).toEqual(['good', 'stopped', 'weak', 'interrupted', 'failed']);
});

test('without a test the validation decides, and a tested run comes first; of equals the newer one', () => {
  const runs = [
    run('a', { validation: 0.8 }),
    run('b', { validation: 0.95 }),
    run('c', { validation: 0.95 }),
    run('d', {}),
    run('tested', { accuracy: 0.6 }),
  ];
  expect(names(runs)).toEqual(['tested', 'c', 'b', 'a', 'd']);
});

test('a run for other classes than the newest finished one has is not compared with it', () => {
  const runs = [
    run('two classes', { accuracy: 0.99 }),
    run('three classes', { accuracy: 0.8, classes: ['cats', 'dogs', 'birds'] }),
    run('three in another order', { accuracy: 0.85, classes: ['birds', 'cats', 'dogs'] }),
  ];
  expect(names(runs)).toEqual(['three in another order', 'three classes', 'two classes']);
});

test('where no run has finished, the others are still there to be chosen', () => {
  expect(names([run('interrupted', { validation: 0.5, status: 'interrupted' })])).toEqual(['interrupted']);
  expect(bestFirst([])).toEqual([]);
});
