import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend, Tf } from '../../../../src-main/engine/base/backend.ts';
import { toClassifier, toProbabilities } from '../../../../src-main/engine/step/classifier.ts';
import { crossEntropy, predictedClasses } from '../../../../src-main/engine/step/losses.ts';
import { preprocess } from '../../../../src-main/engine/step/preprocessing.ts';
import {
  batchTensors,
  evaluateProgram,
  trainableVariables,
} from '../../../../src-main/engine/step/programs.ts';
import { createTrainStep } from '../../../../src-main/engine/training/train-step.ts';
import { createSlots, rmsprop } from '../../../../src-main/engine/optimizers/index.ts';
import { findRecipe } from '../../../../src-main/registries/recipes/index.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';

let backend: Backend;
let tf: Tf;
beforeAll(async () => {
  backend = await plainBackend();
  tf = backend.tf;
});

describe('cross-entropy from logits', () => {
  it('of one sigmoid output', () => {
    const logits = tf.tensor2d([[0], [2], [-1]]);
    const losses = crossEntropy(tf, logits, tf.tensor1d([1, 0, 0], 'int32')).dataSync();
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    expect(losses[0]).toBeCloseTo(Math.log(2), 6);
    expect(losses[1]).toBeCloseTo(-Math.log(1 - sigmoid(2)), 5);
    expect(losses[2]).toBeCloseTo(-Math.log(1 - sigmoid(-1)), 5);
  });

  it('of several outputs', () => {
    const losses = crossEntropy(tf, tf.tensor2d([[1, 2, 3]]), tf.tensor1d([0], 'int32')).dataSync();
    const sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    expect(losses[0]).toBeCloseTo(-Math.log(Math.exp(1) / sum), 5);
  });

  it('stays finite where probabilities have no logarithm, with a gradient that still corrects', () => {
    for (const [logits, label] of [
      [tf.tensor2d([[400]]), 0],
      [tf.tensor2d([[-400]]), 1],
      [tf.tensor2d([[400, -400, 0]]), 1],
    ] as [tfjs.Tensor2D, number][]) {
      const labels = tf.tensor1d([label], 'int32');
      const gradient = tf.grad((x) => tf.sum(crossEntropy(tf, x as tfjs.Tensor2D, labels)))(logits);
      expect(crossEntropy(tf, logits, labels).dataSync()[0]).toBeGreaterThan(300);
      expect(Math.max(...gradient.dataSync().map(Math.abs))).toBeCloseTo(1, 5);
    }
  });

  it('predicts above one half, or the largest', () => {
    expect([...predictedClasses(tf, tf.tensor2d([[0.1], [-0.1]])).dataSync()]).toEqual([1, 0]);
    expect([...predictedClasses(tf, tf.tensor2d([[1, 3, 2]])).dataSync()]).toEqual([1]);
    const [row] = toProbabilities(tf, tf.tensor2d([[0]])).arraySync();
    expect(row).toEqual([0.5, 0.5]);
  });
});

describe('preprocessing', () => {
  const pixels = () => tf.tensor4d([0, 127.5, 255], [1, 1, 1, 3]);
  it.each([
    ['none', [0, 127.5, 255]],
    ['0-1', [0, 0.5, 1]],
    ['-1-1', [-1, 0, 1]],
    ['imagenet', [255 - 103.939, 127.5 - 116.779, 0 - 123.68]],
  ] as const)('%s', (mode, expected) => {
    const found = preprocess(tf, pixels(), mode).dataSync();
    expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 4));
  });
});

describe('a padded batch', () => {
  const shape = [18, 18, 1] as const;
  const plain = () => findRecipe('mnist').build(tf, { inputShape: shape, classes: 3, seed: 3 });
  /** With normalisations, whose averages are weights too. */
  const normalising = () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 4,
          kernelSize: 5,
          strides: 3,
          inputShape: [...shape],
          kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
        }),
        tf.layers.batchNormalization({ momentum: 0.5 }),
        tf.layers.reLU({}),
        tf.layers.flatten(),
        tf.layers.batchNormalization({ momentum: 0.9 }),
        tf.layers.dense({
          units: 3,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }),
        }),
      ],
    });
  const images = Uint8Array.from({ length: 4 * 324 }, (_, index) => (index * 37) % 256);
  const batch = (size: number, count: number) => ({
    images: (() => {
      const padded = new Uint8Array(size * 324).fill(99);
      padded.set(images.subarray(0, count * 324));
      return padded;
    })(),
    labels: Int32Array.from({ length: size }, (_, index) => index % 3),
    weights: Float32Array.from({ length: size }, (_, index) => (index < count ? 1 : 0)),
    count,
  });

  const trainOnce = (size: number, count: number, build: () => tfjs.LayersModel) => {
    const model = build();
    const variables = trainableVariables(model);
    const slots = createSlots(backend, rmsprop, variables);
    const options = {
      backend,
      classifier: toClassifier(tf, model),
      preprocessing: '0-1' as const,
      imageShape: shape,
      batchSize: size,
    };
    const isPadded = count < size;
    const step = createTrainStep({ ...options, optimizer: rmsprop, variables, slots, seed: 1, isPadded });
    const programs = backend.prepare({ train: step.spec, evaluate: evaluateProgram(options) });
    const inputs = batchTensors(backend, batch(size, count), { shape, type: 'uint8' });
    const before = programs.run('evaluate', inputs)[0].dataSync()[0];
    const [loss, right] = programs
      .run('train', step.inputs(batch(size, count), { learningRate: 1e-3, step: 0, update: 1 }))
      .map((output) => output.dataSync()[0]);
    const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()]);
    return { before, loss, right, weights };
  };

  it.each([
    ['', plain],
    [', also what its normalisations remember', normalising],
  ])('trains exactly as the smaller batch it holds%s', (_, build) => {
    const whole = trainOnce(3, 3, build);
    const padded = trainOnce(5, 3, build);
    expect(padded.loss).toBeCloseTo(whole.loss, 4);
    expect(padded.before).toBeCloseTo(whole.before, 4);
    expect(padded.right).toBe(whole.right);
    const worst = Math.max(...whole.weights.map((value, index) => Math.abs(value - padded.weights[index])));
    expect(worst).toBeLessThan(1e-5);
    // The step did something, so the comparison means something.
    const untouched = build()
      .getWeights()
      .flatMap((weight) => [...weight.dataSync()]);
    expect(
      Math.max(...untouched.map((value, index) => Math.abs(value - whole.weights[index]))),
    ).toBeGreaterThan(1e-4);
  });
});
