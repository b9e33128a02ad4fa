import type { Rank, Tensor, Tensor4D, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { findRewrites } from '../../../../../src-main/backends/tensorflow/graph/find-rewrites.ts';
import { recordProgram } from '../../../../../src-main/backends/tensorflow/graph/recorder.ts';
import { nodeBackendOf } from '../../../../../src-main/backends/tensorflow/native-binding.ts';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { loadTensorflow } from './tensorflow.ts';

let backend: Required<Backend>;
let tf: Tf;
let filter: Variable<Rank.R4>;
let bias: Variable;
beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
  filter = tf.variable(tf.tensor4d(waves(3 * 3 * 3 * 5, 1.3), [3, 3, 3, 5]));
  bias = tf.variable(tf.tensor(waves(5, 2.1)));
});

/** Numbers that look random, positive and negative, the same in every run. */
function waves(size: number, frequency: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(frequency * (i + 1)));
}

function activated(x: Tensor): Tensor4D {
  return tf.fused.conv2d({
    x: x as Tensor4D,
    filter,
    strides: 1,
    pad: 'valid',
    bias,
    activation: 'relu',
  });
}

/** Gradients of a sum with respect to image, filter and bias, and the sum. */
function gradients(loss: (x: Tensor) => Tensor): (inputs: Tensor[]) => Tensor[] {
  return ([x]) => {
    const { value, grads } = tf.variableGrads(() => loss(x).asScalar(), [filter, bias]);
    return [...Object.values(grads), tf.grad((image) => loss(image).asScalar())(x), value];
  };
}

const pooled = (x: Tensor, size = 2): Tensor4D => tf.maxPool(activated(x), size, 2, 'valid');

/** Programs, and how many poolings are put first. */
const programs: Record<string, [program: () => (inputs: Tensor[]) => Tensor[], poolings: number]> = {
  'in training': [() => gradients((x) => tf.sum(tf.square(pooled(x)))), 2],
  'in training, windows that overlap': [() => gradients((x) => tf.sum(tf.square(pooled(x, 3)))), 2],
  'without gradients': [
    () =>
      ([x]) => [pooled(x)],
    0,
  ],
  'where the activation is used elsewhere too': [
    () =>
      gradients((x) => {
        const before = activated(x);
        return tf.add(tf.sum(tf.maxPool(before, 2, 2, 'valid')), tf.mean(before));
      }),
    0,
  ],
};

describe('a pooling after convolution, bias and ReLU', () => {
  for (const [name, [program, poolings]] of Object.entries(programs)) {
    test(`${name}: the same numbers, ${poolings} times put first`, async () => {
      const images = tf.tensor(waves(2 * 11 * 8 * 3, 0.37), [2, 11, 8, 3]);
      // Flat places, where all that is pooled is the same.
      const flat = tf.concat([images, tf.zerosLike(images)]);
      const run = program();
      const set = backend.prepare({ look: { program: run, exampleInputs: [flat] } });
      expect(set.whyEager).toBeNull();
      const native = nodeBackendOf(tf);
      const dtype = native.getDTypeInteger('float32');
      const { operations, outputs } = recordProgram(tf, native, run, [{ shape: flat.shape, dtype }]);
      const rewritten = [...findRewrites(operations, outputs).keys()].map((operation) => operation.name);
      expect(rewritten.filter((operation) => operation === 'MaxPool')).toHaveLength(poolings);
      const expected = tf.tidy(() => run([flat]));
      for (const [at, tensor] of set.run('look', [flat]).entries()) {
        const [values, others] = [await tensor.data(), await expected[at].data()];
        expect(others.some((value) => value !== 0)).toBe(true);
        const largest = Math.max(...others.map(Math.abs));
        values.forEach((value, i) => expect(Math.abs(value - others[i]) / largest).toBeLessThan(1e-5));
      }
      set.dispose();
    });
  }
});
