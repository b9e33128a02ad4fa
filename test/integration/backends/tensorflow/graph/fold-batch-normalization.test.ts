import type { Tensor, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { findRewrites } from '../../../../../src-main/backends/tensorflow/graph/find-rewrites.ts';
import { recordProgram } from '../../../../../src-main/backends/tensorflow/graph/recorder.ts';
import { nodeBackendOf } from '../../../../../src-main/backends/tensorflow/native-binding.ts';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { loadTensorflow } from './tensorflow.ts';

let backend: Required<Backend>;
let tf: Tf;
beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

interface Weights {
  readonly full: Variable;
  readonly depthwise: Variable;
  readonly bias: Variable;
  readonly moments: Record<'mean' | 'variance' | 'scale' | 'offset', Variable>;
}

/** Numbers that look random, the same in every run. */
function variable(shape: number[], frequency: number, least = -1): Variable {
  const size = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(frequency * (i + 1)) + 1 + least);
  return tf.variable(tf.tensor(values, shape));
}

function weights(): Weights {
  return {
    full: variable([3, 3, 3, 6], 1.3),
    depthwise: variable([3, 3, 3, 2], 0.7),
    bias: variable([6], 2.1),
    moments: {
      mean: variable([6], 0.9),
      variance: variable([6], 1.7, 0.1),
      scale: variable([6], 2.3),
      offset: variable([6], 3.1),
    },
  };
}

type Make = (x: Tensor, weights: Weights) => Tensor[];
const normalise = (x: Tensor, { moments }: Weights): Tensor =>
  tf.batchNorm(x, moments.mean, moments.variance, moments.offset, moments.scale, 0.01);
const convolve = (x: Tensor, { full }: Weights): Tensor => tf.conv2d(x as never, full as never, 2, 'same');

/** Programs, and how many normalisations can be folded into the convolution before them. */
const programs: Record<string, [make: Make, folds: number]> = {
  'a convolution': [(x, w) => [tf.relu6(normalise(convolve(x, w), w))], 1],
  'a depthwise convolution': [
    (x, w) => [normalise(tf.depthwiseConv2d(x as never, w.depthwise as never, 1, 'valid'), w)],
    1,
  ],
  'a convolution with a bias': [
    (x, w) => [
      normalise(
        tf.fused.conv2d({
          x: x as never,
          filter: w.full as never,
          strides: 1,
          pad: 'same',
          bias: w.bias,
        }),
        w,
      ),
    ],
    1,
  ],
  'a convolution that is also used as it is': [
    (x, w) => {
      const convolved = convolve(x, w);
      return [tf.add(normalise(convolved, w), tf.relu(convolved))];
    },
    0,
  ],
  'a convolution that is itself an answer': [
    (x, w) => {
      const convolved = convolve(x, w);
      return [normalise(convolved, w), convolved];
    },
    0,
  ],
  'no convolution': [(x, w) => [normalise(tf.concat([x, tf.neg(x)], 3), w)], 0],
};

describe('normalisation after', () => {
  for (const [name, [make, folds]] of Object.entries(programs)) {
    test(`${name}: the same numbers, folded ${folds} times`, async () => {
      const made = weights();
      const images = tf.tensor(
        Float32Array.from({ length: 2 * 9 * 7 * 3 }, (_, i) => Math.sin(1.1 * i)),
        [2, 9, 7, 3],
      );
      const program = ([x]: Tensor[]): Tensor[] => make(x, made);
      const set = backend.prepare({ look: { program, exampleInputs: [images] } });
      expect(set.whyEager).toBeNull();
      const trace = recordProgram(tf, nodeBackendOf(tf), program, [
        { shape: images.shape, dtype: nodeBackendOf(tf).getDTypeInteger('float32') },
      ]);
      const rewritten = [...findRewrites(trace.operations, trace.outputs).keys()].map(({ name }) => name);
      expect(rewritten.filter((operation) => operation === 'FusedBatchNorm')).toHaveLength(folds);
      for (let round = 0; round < 2; round++) {
        const expected = tf.tidy(() => program([images]));
        const found = set.run('look', [images]);
        for (const [at, tensor] of found.entries()) {
          const [values, others] = [await tensor.data(), await expected[at].data()];
          const largest = Math.max(...others.map(Math.abs));
          values.forEach((value, i) => expect(Math.abs(value - others[i]) / largest).toBeLessThan(1e-5));
        }
        // Weights that change are folded as they are then.
        made.moments.scale.assign(tf.mul(made.moments.scale, -2));
        made.full.assign(tf.add(made.full, 0.3));
        set.writeVariables();
      }
      set.dispose();
    });
  }
});
