/** The TensorFlow candidate as set-up left it. Fails, rather than being skipped, where set-up could not get TensorFlow. */
import { availableParallelism } from 'node:os';
import { beforeAll, expect, test } from 'vitest';
import { candidates } from '../../../src-main/backends/ladder.ts';
import { selfTest } from '../../../src-main/backends/self-test.ts';
import type { Backend } from '../../../src-main/engine/base/backend.ts';
import { prepareEagerly } from '../../../src-main/engine/base/eager-programs.ts';
import { learn } from './tiny-problem.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await candidates.find(({ id }) => id === 'tensorflow')!.load();
});

test('is TensorFlow, and knows its version', () => {
  expect(backend).toMatchObject({ id: 'tensorflow', device: 'cpu', slow: false });
  expect(backend.version).toMatch(/^2\.\d+\.\d+/);
  expect(backend.tf.getBackend()).toBe('tensorflow');
});

test('passes the self-test against the known losses, leaving no tensor behind', () => {
  const before = backend.tf.memory().numTensors;
  expect(selfTest(backend.tf)).toEqual({ passed: true, detail: 'loss 7.1747 → 3.1499 in 8 steps' });
  expect(backend.tf.memory().numTensors).toBe(before);
});

test('uses the cores that it may use', () => {
  expect(process.env.TF_NUM_INTRAOP_THREADS).toBe(String(availableParallelism()));
});

test.each(['as prepared', 'operation by operation'])('learns and predicts, %s', async (how) => {
  const { tf } = backend;
  const eager: Backend = { ...backend, prepare: (programs) => prepareEagerly(tf, programs, 'wanted so') };
  const before = tf.memory().numTensors;
  const { losses, accuracy } = await learn(how === 'as prepared' ? backend : eager, 40);
  expect(losses[39]).toBeLessThan(losses[0] / 2);
  expect(accuracy).toBeGreaterThan(0.85);
  expect(tf.memory().numTensors).toBe(before);
});
