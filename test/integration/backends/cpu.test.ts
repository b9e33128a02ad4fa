/** The last candidate, plain JavaScript: slow, but it does everything. */
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { cpuCandidate } from '../../../src-main/backends/cpu.ts';
import { selfTest } from '../../../src-main/backends/self-test.ts';
import type { Backend } from '../../../src-main/engine/base/backend.ts';
import { learn } from './tiny-problem.ts';

let backend: Backend;
beforeAll(async () => void (backend = await cpuCandidate.load()));

test('says that it is slow and that it runs operation by operation', () => {
  expect(backend).toMatchObject({ id: 'cpu', device: 'cpu', slow: true });
  const set = backend.prepare({});
  expect(set.mode).toBe('eager');
  expect(set.whyEager).not.toBe('');
});

test('learns, predicts, and leaves no tensor behind', async () => {
  const before = backend.tf.memory().numTensors;
  const { losses, accuracy } = await learn(backend, 40);
  expect(losses[39]).toBeLessThan(losses[0] / 2);
  expect(accuracy).toBeGreaterThan(0.85);
  expect(backend.tf.memory().numTensors).toBe(before);
});

type Shape = [height: number, width: number, channels: number, filters: number];

describe('its own filter gradient', () => {
  /** The gradient from its definition: the filter's every number nudged up and down. */
  function numericalGradient(
    loss: (filter: tfjs.Tensor4D) => tfjs.Scalar,
    filter: Float32Array,
    shape: Shape,
  ) {
    const { tf } = backend;
    const nudge = 1e-2;
    return filter.map((_, place) => {
      const at = (step: number): number =>
        tf.tidy(() => {
          const values = Float32Array.from(filter);
          values[place] += step;
          return loss(tf.tensor4d(values, shape)).dataSync()[0];
        });
      return (at(nudge) - at(-nudge)) / (2 * nudge);
    });
  }

  test.each([
    ['valid', 1, [3, 3]],
    ['same', 1, [3, 3]],
    ['same', 2, [3, 2]],
    ['valid', 2, [2, 3]],
    ['valid', 1, [1, 1]],
  ] as const)('padding %s, stride %d, filter %j', (pad, stride, [height, width]) => {
    const { tf } = backend;
    const images = tf.randomUniform<tfjs.Rank.R4>([2, 6, 7, 2], -1, 1, 'float32', 3);
    const shape: Shape = [height, width, 2, 3];
    const filter = tf.randomUniform<tfjs.Rank.R4>(shape, -1, 1, 'float32', 4);
    const outputs = tf.conv2d(images, filter, stride, pad);
    const weighting = tf.randomUniform(outputs.shape, -1, 1, 'float32', 5);
    const loss = (tried: tfjs.Tensor4D): tfjs.Scalar =>
      tf.sum(tf.mul(tf.conv2d(images, tried, stride, pad), weighting));
    const gradient = tf
      .grad((tried) => loss(tried as tfjs.Tensor4D))(filter)
      .dataSync();
    const expected = numericalGradient(loss, filter.dataSync() as Float32Array, shape);
    expected.forEach((value, place) => expect(gradient[place]).toBeCloseTo(value, 2));
    tf.dispose([images, filter, outputs, weighting]);
  });
});

test('the self-test notices an engine that computes wrongly', () => {
  const { tf } = backend;
  expect(selfTest(tf).passed).toBe(true);
  const key = ['Relu', 'cpu'] as const;
  const { kernelFunc } = tf.getKernel(...key);
  const identity = tf.getKernel('Identity', 'cpu').kernelFunc;
  tf.unregisterKernel(...key);
  tf.registerKernel({ kernelName: key[0], backendName: key[1], kernelFunc: identity });
  try {
    expect(selfTest(tf).passed).toBe(false);
  } finally {
    tf.unregisterKernel(...key);
    tf.registerKernel({ kernelName: key[0], backendName: key[1], kernelFunc });
  }
});
