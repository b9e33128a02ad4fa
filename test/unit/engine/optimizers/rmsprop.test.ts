import { beforeAll, expect, it } from 'vitest';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { createSlots, rmsprop } from '../../../../src-main/engine/optimizers/index.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

it('RMSprop gives the numbers of its definition, worked out by hand', () => {
  const { tf } = backend;
  const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, -2, 0.5])));
  const slots = createSlots(backend, rmsprop, [weight]);
  const gradients = [
    [0.5, -1, 0],
    [0.25, 2, 0],
  ];
  for (const gradient of gradients) {
    tf.tidy(() =>
      rmsprop.update(backend, [weight], slots, [tf.tensor1d(gradient)], {
        learningRate: tf.scalar(0.01),
        step: tf.scalar(1),
      }),
    );
  }
  // First weight: s = 0.1·0.25 = 0.025, w = 1 − 0.01·0.5/√0.0250001 = 0.968378;
  // then s = 0.9·0.025 + 0.1·0.0625 = 0.02875, w = 0.968378 − 0.01·0.25/√0.0287501 = 0.953634.
  // Second: s = 0.1, w = −2 + 0.01/√0.1000001 = −1.968377; s = 0.49, w = −1.968377 − 0.02/√0.4900001 = −1.996949.
  const found = weight.dataSync();
  expect(found[0]).toBeCloseTo(0.953634, 5);
  expect(found[1]).toBeCloseTo(-1.996949, 5);
  expect(found[2]).toBe(0.5);
  expect(slots[0][0].dataSync()[0]).toBeCloseTo(0.02875, 6);
  tf.dispose([weight, ...slots.flat()]);
  expect(tf.memory().numTensors).toBe(0);
});
