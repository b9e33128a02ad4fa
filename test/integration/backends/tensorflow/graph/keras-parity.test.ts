/** Loss, gradients, moving averages and optimizer steps against Keras, as `make_fixtures.py` recorded them. */
import { readFileSync } from 'node:fs';
import type { LayersModel, Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../../../../src-main/engine/step/classifier.ts';
import { crossEntropy } from '../../../../../src-main/engine/step/losses.ts';
import { createSlots, rmsprop } from '../../../../../src-main/engine/optimizers/index.ts';
import { createTrainStep } from '../../../../../src-main/engine/training/train-step.ts';
import { findRecipe } from '../../../../../src-main/registries/recipes/index.ts';
import { loadTensorflow } from './tensorflow.ts';
import { applyRule, rules, type Rule } from './update-rules.ts';
import { buildZoo } from './zoo.ts';

/** A tensor by its norm and evenly spaced elements. */
interface Numbers {
  readonly norm: number;
  readonly samples: readonly number[];
}

interface Case {
  readonly network: string;
  readonly size: number;
  readonly batch: number;
  readonly classes: number;
  readonly loss: number;
  readonly gradients: readonly Numbers[];
  readonly moved: readonly Numbers[];
  readonly trained: Readonly<Record<string, readonly number[]>>;
}

const file = new URL('../../../../fixtures/keras/keras.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const recipeCases = cases.filter(({ network }) => network !== 'zoo');
const zooCase = cases.find(({ network }) => network === 'zoo')!;

let backend: Required<Backend>;
let tf: Tf;

beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

function waves(count: number, frequency: number, scale: number, offset: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => offset + scale * Math.sin(frequency * (i + 1)));
}

function fillWeights(model: LayersModel): void {
  tf.tidy(() => {
    model.layers
      .filter(({ weights }) => weights.length > 0)
      .forEach((layer, position) => {
        const values = layer.weights.map(({ shape, originalName }, index) => {
          const dimensions = shape as number[];
          const count = dimensions.reduce((a, b) => a * b, 1);
          const fanIn = dimensions.slice(0, -1).reduce((a, b) => a * b, 1);
          const scale = dimensions.length > 1 ? 1.5 / Math.sqrt(fanIn) : 0.1;
          const offset = /gamma$|moving_variance$/.test(originalName) ? 1 : 0;
          return tf.tensor(waves(count, 0.61 + 0.07 * position + 0.011 * index, scale, offset), dimensions);
        });
        layer.setWeights(values);
      });
  });
}

function batch({ batch: count, size, classes }: Case, channels: number, step: number) {
  const images = Uint8Array.from({ length: count * size * size * channels }, (_, place) => {
    const index = place + 1000 * step;
    return (index * 31 + ((index * index) % 97)) % 256;
  });
  const labels = Int32Array.from({ length: count }, (_, index) => (index + step) % classes);
  return [backend.bytes(images, [count, size, size, channels]), tf.tensor1d(labels)] as const;
}

function expectNumbers(found: Tensor, { norm, samples }: Numbers): void {
  const values = [...found.dataSync()];
  const every = Math.max(1, Math.floor(values.length / 24));
  const largest = Math.max(...samples.map(Math.abs));
  expect(Math.abs(tf.norm(found).dataSync()[0] / norm - 1)).toBeLessThan(1e-4);
  samples.forEach((sample, index) => {
    expect(Math.abs(values[index * every] - sample)).toBeLessThan(1e-4 * largest);
  });
}

function build({ network, size, classes }: Case): { model: LayersModel; channels: number } {
  if (network === 'zoo') return { model: buildZoo(tf, { dropout: false }), channels: 3 };
  const { channels } = findRecipe(network).defaults;
  return {
    model: findRecipe(network).build(tf, { inputShape: [size, size, channels], classes, seed: 1 }),
    channels,
  };
}

describe.each(cases)('$network, $classes classes, $size pixels', (fixture) => {
  test('loss, gradients and moving averages', () => {
    const { model, channels } = build(fixture);
    fillWeights(model);
    const classifier = toClassifier(tf, model);
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const program = ([pixels, labels]: Tensor[]) => {
      const images = tf.div(tf.cast(pixels, 'float32'), 255);
      const loss = () =>
        tf.mean(crossEntropy(tf, classifier.logits(images, true), labels as Tensor1D)).asScalar();
      const { value, grads } = tf.variableGrads(loss, variables);
      return [value, ...variables.map(({ name }) => grads[name])];
    };
    const inputs = [...batch(fixture, channels, 0)];
    const set = backend.prepare({ gradients: { program, exampleInputs: inputs } });
    expect(set.whyEager).toBeNull();
    const [loss, ...gradients] = set.run('gradients', inputs);
    expect(Math.abs(loss.dataSync()[0] / fixture.loss - 1)).toBeLessThan(1e-5);
    expect(gradients).toHaveLength(fixture.gradients.length);
    gradients.forEach((gradient, index) => expectNumbers(gradient, fixture.gradients[index]));
    set.readVariables();
    const moved = model.layers
      .flatMap((layer) => layer.weights)
      .filter(({ originalName }) => originalName.includes('moving'))
      .map((weight) => weight.read());
    moved.forEach((weight, index) => expectNumbers(weight, fixture.moved[index]));
    expect(moved).toHaveLength(fixture.moved.length);
    set.dispose();
    model.dispose();
  });
});

describe('training', () => {
  test.each(recipeCases)('$network, $classes classes', (fixture) => {
    const recipe = findRecipe(fixture.network);
    const { model, channels } = build(fixture);
    fillWeights(model);
    const weights = model.trainableWeights.map((weight) => weight.read() as Variable);
    const slots = createSlots(backend, rmsprop, weights);
    const imageShape = [fixture.size, fixture.size, channels] as const;
    const shared = {
      backend,
      classifier: toClassifier(tf, model),
      preprocessing: recipe.preprocessing!,
      imageShape,
      batchSize: fixture.batch,
    };
    const step = createTrainStep({ ...shared, optimizer: rmsprop, variables: weights, slots, seed: 1 });
    const set = backend.prepare({ train: step.spec });
    expect(set.whyEager).toBeNull();
    fixture.trained.recipe.forEach((wanted, index) => {
      const [images, labels] = batch(fixture, channels, index);
      const scalars = [tf.scalar(1e-4), tf.scalar(index + 1)];
      const [loss] = set.run('train', [images, labels, tf.ones([fixture.batch]), ...scalars]);
      expect(Math.abs(loss.dataSync()[0] / fixture.batch / wanted - 1)).toBeLessThan(1e-4);
    });
    set.dispose();
    model.dispose();
  });

  const rates: Partial<Record<Rule, number>> = { 'rms-prop': 1e-3, adam: 1e-3, adamw: 1e-3 };

  test.each(
    rules.flatMap(
      (rule) =>
        [
          [rule, 'native'],
          [rule, 'arithmetic'],
        ] as const,
    ),
  )('%s, %s', (rule, way) => {
    const chosen: Backend = way === 'native' ? backend : { ...backend, fuseUpdate: undefined };
    const { model, channels } = build(zooCase);
    fillWeights(model);
    const classifier = toClassifier(tf, model);
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
    const slot = (variable: Variable) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
    const slots = variables.map((variable) => [slot(variable), slot(variable)] as const);
    const program = ([pixels, labels, rate, step]: Tensor[]) => {
      const images = tf.div(tf.cast(pixels, 'float32'), 255);
      const loss = () =>
        tf.mean(crossEntropy(tf, classifier.logits(images, true), labels as Tensor1D)).asScalar();
      const { value, grads } = tf.variableGrads(loss, variables);
      const shared = { learningRate: rate as Scalar, step: step as Scalar };
      variables.forEach((variable, index) => {
        applyRule(chosen, rule, { ...shared, variable, gradient: grads[variable.name], slots: slots[index] });
      });
      return [value];
    };
    const inputs = (step: number) => [
      ...batch(zooCase, channels, step),
      tf.scalar(rates[rule] ?? 0.05),
      tf.scalar(step + 1),
    ];
    const set = chosen.prepare({ train: { program, exampleInputs: inputs(0) } });
    expect(set.whyEager).toBeNull();
    zooCase.trained[rule].forEach((wanted, step) => {
      const [loss] = set.run('train', inputs(step));
      expect(Math.abs(loss.dataSync()[0] / wanted - 1)).toBeLessThan(1e-4);
    });
    set.dispose();
    model.dispose();
  });
});
