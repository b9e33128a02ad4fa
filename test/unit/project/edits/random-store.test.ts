import { expect, test } from 'vitest';
import { breakageOf, randomSteps, shrink } from '../../../fixtures/random-store.ts';

/** Others with LENSLET_STORE_SEED=… LENSLET_STORE_STEPS=…: a failure prints its seed and the steps that matter. */
const seed = Number(process.env.LENSLET_STORE_SEED ?? 20261130);
const length = Number(process.env.LENSLET_STORE_STEPS ?? 150);

test.each([seed, seed + 1, seed + 2])(
  'keeps its invariants through random edits, undo, redo, imports and restarts (seed %i)',
  (drawn) => {
    const steps = randomSteps(drawn, length);
    const breakage = breakageOf(steps);
    const shortest = breakage === null ? [] : shrink(steps);
    expect(breakage, `seed ${drawn}; enough to break it: ${JSON.stringify(shortest)}`).toBeNull();
  },
  300_000,
);

test('finds a broken invariant, and shrinks the sequence to the steps that matter', () => {
  const noComments = (database: { prepare(sql: string): { get(): unknown } }): void => {
    if (database.prepare('SELECT 1 FROM image WHERE comment IS NOT NULL').get() !== undefined)
      throw new Error('a photo has a comment');
  };
  const steps = randomSteps(7, 60);
  expect(breakageOf(steps, [noComments])).toMatch(/a photo has a comment$/);
  const shortest = shrink(steps, [noComments]);
  expect(shortest).toHaveLength(1);
  expect(shortest[0]).toMatchObject({ kind: 'edit' });
}, 300_000);
