/** Convolutions in bfloat16: nearly the same numbers, training that learns as well, and everything else as exact as before. */
import type { Scalar, Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareGraph } from '../../../../../src-main/backends/tensorflow/graph/prepare-graph.ts';
import type { Backend, Precision, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../../../../src-main/engine/step/classifier.ts';
import { crossEntropy } from '../../../../../src-main/engine/step/losses.ts';
import { findRecipe } from '../../../../../src-main/registries/recipes/index.ts';
import { loadTensorflow } from './tensorflow.ts';
import { applyRule } from './update-rules.ts';
import { buildZoo } from './zoo.ts';

let backend: Required<Backend>;
let tf: Tf;

beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

function waves(shape: number[], frequency: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(frequency * (i + 1))),
    shape,
  );
}

/** Largest difference of two tensors, relative to the largest of their numbers. */
function difference(found: Tensor, wanted: Tensor): number {
  return tf.tidy(() => tf.sub(found, wanted).abs().max().div(wanted.abs().max().maximum(1e-6)).dataSync()[0]);
}

/** Cosine of the angle between two gradients, all tensors together: whether they point the same way. */
function alignment(found: Tensor[], wanted: Tensor[]): number {
  return tf.tidy(() => {
    const [a, b] = [found, wanted].map((tensors) => tf.concat(tensors.map((tensor) => tensor.flatten())));
    return a.dot(b).div(a.norm().mul(b.norm())).dataSync()[0];
  });
}

/** Relative error of the least aligned bias: each by itself, as they are too small to count among all gradients. */
function worstBias(half: Tensor[], exact: Tensor[]): number {
  const biases = exact.flatMap((tensor, index) => (tensor.rank === 1 ? [index] : []));
  expect(biases.length).toBeGreaterThan(3);
  return Math.max(
    ...biases.map((index) =>
      tf.tidy(() => tf.sub(half[index], exact[index]).norm().div(exact[index].norm()).dataSync()[0]),
    ),
  );
}

/** Predictions of a network in a precision, and the loss with its gradients. */
function answers(model: ReturnType<typeof buildZoo>, images: Tensor, precision: Precision): Tensor[] {
  const classifier = toClassifier(tf, model);
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const labels = tf.range(0, images.shape[0], 1, 'int32').mod<Tensor1D>(tf.scalar(2, 'int32'));
  const program = ([pixels, classes]: Tensor[]): Tensor[] => {
    const loss = () =>
      tf.mean(crossEntropy(tf, classifier.logits(pixels, true), classes as Tensor1D)).asScalar();
    const { value, grads } = tf.variableGrads(loss, variables);
    return [model.predict(pixels) as Tensor, value, ...variables.map(({ name }) => grads[name])];
  };
  const set = prepareGraph(tf, { look: { program, exampleInputs: [images, labels] } }, precision);
  expect(set.whyEager).toBeNull();
  expect(set.precision).toBe(precision);
  const outputs = set.run('look', [images, labels]);
  set.dispose();
  return outputs;
}

describe('convolutions in bfloat16', () => {
  const networks = {
    'every kind of layer': [() => buildZoo(tf, { dropout: false }), 16],
    scratch: [() => findRecipe('scratch').build(tf, { inputShape: [80, 80, 3], classes: 3, seed: 1 }), 80],
  } as const;

  test.each(Object.entries(networks))(
    '%s: predictions, loss and gradients are near the exact ones',
    (_name, [build, size]) => {
      const model = build();
      const images = waves([6, size, size, 3], 0.37);
      const exact = answers(model, images, 'float32');
      const half = answers(model, images, 'bfloat16');
      expect(half.map(({ dtype, shape }) => [dtype, shape])).toEqual(
        exact.map(({ dtype, shape }) => [dtype, shape]),
      );
      const apart = half.map((tensor, index) => difference(tensor, exact[index]));
      expect(apart[0]).toBeLessThan(0.02);
      expect(apart[1]).toBeLessThan(0.02);
      expect(alignment(half.slice(2), exact.slice(2))).toBeGreaterThan(0.99);
      expect(worstBias(half.slice(2), exact.slice(2))).toBeLessThan(0.2);
      // It would be no gain if they were the same.
      expect(Math.max(...apart)).toBeGreaterThan(1e-5);
      model.dispose();
    },
  );

  test('gradients of biases are sums of many numbers, and as large as they should be', () => {
    const images = waves([6, 80, 80, 3], 0.37);
    const [kernel, nextKernel] = [tf.fill([3, 3, 3, 8], 0.1), tf.fill([3, 3, 8, 8], 0.1)] as Tensor4D[];
    // All units are on, so that every position adds the same to the gradient.
    const bias = tf.variable(tf.fill([8], 10));
    const program = ([pixels]: Tensor[]): Tensor[] => {
      const loss = () => {
        const first = tf.relu(tf.add(tf.conv2d(pixels as Tensor4D, kernel, 1, 'same'), bias));
        return tf.mean(tf.relu(tf.conv2d(first as Tensor4D, nextKernel, 1, 'same'))).asScalar();
      };
      return [tf.variableGrads(loss, [bias]).grads[bias.name]];
    };
    const run = (precision: Precision): Tensor => {
      const set = prepareGraph(tf, { look: { program, exampleInputs: [images] } }, precision);
      expect(set.precision).toBe(precision);
      const [output] = set.run('look', [images]);
      set.dispose();
      return output;
    };
    expect(difference(run('bfloat16'), run('float32'))).toBeLessThan(0.01);
  });

  test('what has no convolution is as exact as before', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [8, 8, 3] }),
        tf.layers.dense({
          units: 9,
          activation: 'relu',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        }),
        tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
      ],
    });
    const images = waves([4, 8, 8, 3], 0.7);
    const program = ([pixels]: Tensor[]): Tensor[] => [model.predict(pixels) as Tensor];
    const run = (precision: Precision): Tensor => {
      const set = prepareGraph(tf, { look: { program, exampleInputs: [images] } }, precision);
      expect(set.precision).toBe('float32');
      const [output] = set.run('look', [images]);
      set.dispose();
      return output;
    };
    expect([...run('bfloat16').dataSync()]).toEqual([...run('float32').dataSync()]);
    model.dispose();
  });

  test('small steps are not lost: it learns as well, with weights in full precision', () => {
    const losses = (precision: Precision): number[] => {
      const model = buildZoo(tf, { dropout: false });
      const classifier = toClassifier(tf, model);
      const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
      const slots = variables.map((variable) => {
        const slot = () => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
        return [slot(), slot()] as const;
      });
      const labels = tf.range(0, 12, 1, 'int32').mod<Tensor1D>(tf.scalar(3, 'int32'));
      // The class is how bright a picture is.
      const images = tf.tidy(() =>
        waves([12, 16, 16, 3], 0.91)
          .mul(0.2)
          .add(labels.toFloat().mul(0.3).reshape([12, 1, 1, 1])),
      );
      const program = ([pixels, classes, rate, step]: Tensor[]): Tensor[] => {
        const loss = () =>
          tf.mean(crossEntropy(tf, classifier.logits(pixels, true), classes as Tensor1D)).asScalar();
        const { value, grads } = tf.variableGrads(loss, variables);
        const shared = { learningRate: rate as Scalar, step: step as Scalar };
        variables.forEach((variable, index) =>
          applyRule(backend, 'rms-prop', {
            ...shared,
            variable,
            gradient: grads[variable.name],
            slots: slots[index],
          }),
        );
        return [value];
      };
      const inputs = (step: number): Tensor[] => [images, labels, tf.scalar(2e-4), tf.scalar(step + 1)];
      const set = prepareGraph(tf, { train: { program, exampleInputs: inputs(0) } }, precision);
      expect(set.precision).toBe(precision);
      const found = Array.from({ length: 60 }, (_, step) => set.run('train', inputs(step))[0].dataSync()[0]);
      set.dispose();
      model.dispose();
      return found;
    };
    const [exact, half] = [losses('float32'), losses('bfloat16')];
    expect(exact.at(-1)).toBeLessThan(0.7 * exact[0]);
    expect(half[0] / exact[0]).toBeCloseTo(1, 1);
    expect(Math.abs(half.at(-1)! - exact.at(-1)!)).toBeLessThan(0.15 * exact[0]);
  });
});
