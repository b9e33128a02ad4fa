/** Whole training runs: a graph learns exactly what the same program learns eagerly. */
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Backend, ProgramSet, ProgramSpec, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../../../../src-main/engine/step/classifier.ts';
import { withDropoutSeed } from '../../../../../src-main/engine/step/dropout.ts';
import { prepareEagerly } from '../../../../../src-main/engine/base/eager-programs.ts';
import { createSlots, rmsprop } from '../../../../../src-main/engine/optimizers/index.ts';
import { evaluateProgram, type ProgramOptions } from '../../../../../src-main/engine/step/programs.ts';
import { createTrainStep } from '../../../../../src-main/engine/training/train-step.ts';
import { recipes } from '../../../../../src-main/registries/recipes/index.ts';
import { loadTensorflow } from './tensorflow.ts';
import { applyRule, rules, type Rule } from './update-rules.ts';
import { buildZoo } from './zoo.ts';

let backend: Required<Backend>;
let tf: Tf;

beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

const STEPS = 20;

/** Batches of pictures that can be told apart: a bright spot whose place is the class, on noise. */
function pictures(step: number, batch: number, size: number, channels: number, classes: number) {
  let state = step * 7919 + 17;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Int32Array.from({ length: batch }, () => Math.floor(random() * classes));
  const images = new Uint8Array(batch * size * size * channels);
  labels.forEach((label, index) => {
    const centre = ((label + 0.5) * size) / classes;
    for (let place = 0; place < size * size; place++) {
      const distance = Math.abs((place % size) - centre);
      for (let channel = 0; channel < channels; channel++) {
        const value = random() * 100 + (distance < size / classes / 2 ? 120 : 0);
        images[(index * size * size + place) * channels + channel] = value;
      }
    }
  });
  return { images, labels };
}

function numbers(tensors: Tensor[]): number[][] {
  const values = tensors.map((tensor) => [...tensor.dataSync()]);
  tf.dispose(tensors);
  return values;
}

/** Largest difference between two runs, relative to the size of the numbers. */
function difference(found: number[][], wanted: number[][]): number {
  expect(found.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  const apart = (value: number, other: number) => Math.abs(value - other) / Math.max(1, Math.abs(other));
  return Math.max(...found.map((row, i) => Math.max(...row.map((value, j) => apart(value, wanted[i][j])))));
}

interface RunOptions {
  readonly mode: 'graph' | 'eager';
  /** Whether optimizer steps may be native. */
  readonly fused: boolean;
}

function withoutFusion(): Backend {
  return { ...backend, fuseUpdate: undefined };
}

function withMode({ mode, fused }: RunOptions): Backend {
  const chosen: Backend = fused ? backend : withoutFusion();
  return mode === 'graph'
    ? chosen
    : { ...chosen, prepare: (programs) => prepareEagerly(tf, programs, 'asked for') };
}

/** A recipe's network with its programs on some backend, and its state: weights and optimizer slots. */
function prepareRecipe(id: string, classes: number, size: number, batchSize: number, chosen: Backend) {
  const recipe = recipes.find((candidate) => candidate.id === id)!;
  const { channels } = recipe.defaults;
  const imageShape = [size, size, channels] as const;
  const model = recipe.build(tf, { inputShape: imageShape, classes, seed: 7 });
  const weights = model.trainableWeights.map((weight) => weight.read() as Variable);
  const slots = createSlots(chosen, rmsprop, weights);
  const classifier = toClassifier(tf, model);
  const shared: ProgramOptions = {
    backend: chosen,
    classifier,
    preprocessing: recipe.preprocessing!,
    imageShape,
    batchSize,
  };
  const step = createTrainStep({ ...shared, optimizer: rmsprop, variables: weights, slots, seed: 1 });
  const specs = { train: step.spec, evaluate: evaluateProgram(shared) };
  /** Images, labels and weights of a batch; the last images may be padding, which weighs nothing. */
  const batch = (number: number) => {
    const { images, labels } = pictures(number, batchSize, size, channels, classes);
    const count = number % 5 === 4 ? batchSize - 3 : batchSize;
    const counted = Float32Array.from(labels, (_, index) => (index < count ? 1 : 0));
    return [backend.bytes(images, [batchSize, ...imageShape]), tf.tensor1d(labels), tf.tensor1d(counted)];
  };
  const dispose = () => {
    model.dispose();
    tf.dispose([slots, Object.values(specs).map(({ exampleInputs }) => exampleInputs as Tensor[])]);
  };
  return { specs, set: chosen.prepare(specs), state: [...weights, ...slots.flat()], batch, recipe, dispose };
}

/** Largest and mean difference over all elements. */
function differences(found: readonly Tensor[], wanted: readonly Tensor[]) {
  return tf.tidy(() => {
    const each = found.map((tensor, index) => tf.reshape(tf.abs(tf.sub(tensor, wanted[index])), [-1]));
    const all = tf.concat(each);
    return { largest: tf.max(all).dataSync()[0], mean: tf.mean(all).dataSync()[0] };
  });
}

/** Runs each step in the graph and eagerly from the same state. Returns the largest differences seen. */
function compareStepByStep(
  steps: number,
  ...[id, classes, size, batchSize, chosen]: Parameters<typeof prepareRecipe>
) {
  const { specs, set, state, batch, recipe, dispose } = prepareRecipe(id, classes, size, batchSize, chosen);
  expect(set.whyEager).toBeNull();
  const rate = tf.scalar(recipe.defaults.learningRate);
  const update = tf.scalar(1);
  const weights = state.length / 2;
  const worst = { loss: 0, measured: 0, probability: 0, weight: 0, meanWeight: 0, meanSlot: 0 };
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const fed = batch(step);
    set.writeVariables();
    const graph = numbers([...set.run('train', [...fed, rate, update]), ...set.run('evaluate', fed)]).flat();
    const trained = numbers(tf.tidy(() => specs.train.program([...fed, rate, update])));
    const eager = [...trained, ...numbers(tf.tidy(() => specs.evaluate.program(fed)))].flat();
    const stateAfter = state.map((variable) => variable.clone());
    set.readVariables();
    const { largest, mean } = differences(state.slice(0, weights), stateAfter.slice(0, weights));
    worst.weight = Math.max(worst.weight, largest / recipe.defaults.learningRate);
    worst.meanWeight = Math.max(worst.meanWeight, mean / recipe.defaults.learningRate);
    worst.meanSlot = Math.max(
      worst.meanSlot,
      differences(state.slice(weights), stateAfter.slice(weights)).mean,
    );
    worst.loss = Math.max(worst.loss, Math.abs(graph[0] - eager[0]) / eager[0]);
    worst.measured = Math.max(worst.measured, Math.abs(graph[2] - eager[2]) / eager[2]);
    expect(graph[1]).toBe(eager[1]);
    // Loss and right ones of the step; of the evaluation summed loss, classes, their probabilities, all scores.
    const scores = classes === 2 ? 1 : classes;
    expect(graph).toHaveLength(3 + (2 + scores) * batchSize);
    expect(eager).toHaveLength(graph.length);
    worst.probability = Math.max(
      worst.probability,
      ...graph
        .slice(3 + batchSize, 3 + 2 * batchSize)
        .map((value, at) => Math.abs(value - eager[3 + batchSize + at])),
    );
    state.forEach((variable, index) => variable.assign(stateAfter[index]));
    losses.push(eager[0]);
    tf.dispose([fed, stateAfter]);
  }
  tf.dispose([rate, update]);
  set.dispose();
  dispose();
  expect(new Set(losses).size).toBe(steps);
  return worst;
}

/** Losses of a run in one mode, at a rate at which the network does not yet behave chaotically. */
function trainFreely(mode: RunOptions, ...[id, classes, size, batchSize]: [string, number, number, number]) {
  const { set, batch, recipe, dispose } = prepareRecipe(id, classes, size, batchSize, withMode(mode));
  expect(set.mode).toBe(mode.mode);
  const rate = tf.scalar(recipe.defaults.learningRate / 20);
  const update = tf.scalar(1);
  const losses = Array.from({ length: STEPS }, (_, step) => {
    const fed = batch(step);
    const [[loss], [right]] = numbers(set.run('train', [...fed, rate, update]));
    tf.dispose(fed);
    return [loss, right];
  });
  tf.dispose([rate, update]);
  set.dispose();
  dispose();
  return losses;
}

describe('recipes', () => {
  test.each([
    ['mnist', 10, 28, 32, STEPS, 1e-6],
    // Which kernels oneDNN takes, and so the order of sums, depends on the processor: on an Intel Xeon at 2.0 GHz the
    // losses of this network differ by 1.8e-5.
    ['mnist-no-pooling', 3, 20, 16, STEPS, 5e-5],
    ['scratch', 2, 64, 10, STEPS, 1e-6],
    ['scratch', 3, 96, 8, 5, 1e-6],
    ['scratch', 2, 150, 20, 2, 1e-6],
  ])(
    '%s, %i classes, %i pixels: each step is the eager step',
    (id, classes, size, batchSize, steps, lossLimit) => {
      // From one state, because training is chaotic: a difference in the last bit grows a thousandfold in some steps.
      const worst = [withoutFusion(), backend].map((chosen) =>
        compareStepByStep(steps, id, classes, size, batchSize, chosen),
      );
      for (const { loss, measured, probability, weight, meanWeight, meanSlot } of worst) {
        expect(loss).toBeLessThan(lossLimit);
        expect(measured).toBeLessThan(1e-5);
        expect(probability).toBeLessThan(1e-4);
        // In learning rates: RMSprop moves a weight by up to three of them, hardly depending on its gradient's size.
        expect(weight).toBeLessThan(1);
        expect(meanWeight).toBeLessThan(1e-3);
        expect(meanSlot).toBeLessThan(1e-6);
      }
    },
  );

  test.each([
    ['mnist', 10, 28, 32],
    ['scratch', 2, 64, 10],
  ])('%s, %i classes, %i pixels: a run is the eager run', (...parameters) => {
    const eager = trainFreely({ mode: 'eager', fused: false }, ...parameters);
    expect(difference(trainFreely({ mode: 'graph', fused: false }, ...parameters), eager)).toBeLessThan(1e-5);
    expect(difference(trainFreely({ mode: 'graph', fused: true }, ...parameters), eager)).toBeLessThan(1e-5);
  });
});

/** Rates at which the network learns and is not yet chaotic. */
const rates: Record<Rule, number> = {
  'gradient-descent': 0.01,
  momentum: 0.01,
  nesterov: 0.01,
  'rms-prop': 0.0005,
  adam: 0.002,
  adamw: 0.002,
};

/** Trains the zoo; after ten steps the weights are halved from outside, as a checkpoint may do. */
function trainZoo(rule: Rule, options: RunOptions) {
  const chosen = withMode(options);
  const model = buildZoo(tf, { dropout: true });
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const slot = (variable: Variable) => tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
  const slots = variables.map((variable) => [slot(variable), slot(variable)] as const);
  const forward = (images: Tensor, training: boolean) =>
    model.apply(tf.div(tf.cast(images, 'float32'), 255), { training }) as Tensor2D;
  const train = ([images, labels, rate, step, seed]: Tensor[]) => {
    const loss = () => {
      const probabilities = withDropoutSeed(chosen, model, seed as Tensor1D, () => forward(images, true));
      const wanted = tf.oneHot(labels, 3);
      return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.log(tf.add(probabilities, 1e-7))), 1))).asScalar();
    };
    const { value, grads } = tf.variableGrads(loss, variables);
    const shared = { learningRate: rate as Scalar, step: step as Scalar };
    variables.forEach((variable, index) => {
      applyRule(chosen, rule, { ...shared, variable, gradient: grads[variable.name], slots: slots[index] });
    });
    return [value];
  };
  const evaluate = ([images]: Tensor[]) => [forward(images, false)];
  const batch = (step: number) => {
    const { images, labels } = pictures(step, 12, 16, 3, 3);
    const seed = tf.tensor1d([5, step], 'int32');
    return [
      backend.bytes(images, [12, 16, 16, 3]),
      tf.tensor1d(labels),
      tf.scalar(rates[rule]),
      tf.scalar(step + 1),
      seed,
    ];
  };
  const programs: Record<'train' | 'evaluate', ProgramSpec> = {
    train: { program: train, exampleInputs: batch(0) },
    evaluate: { program: evaluate, exampleInputs: batch(0).slice(0, 1) },
  };
  const set: ProgramSet<'train' | 'evaluate'> = chosen.prepare(programs);
  expect(set.whyEager).toBe(options.mode === 'graph' ? null : 'asked for');
  const steps = Array.from({ length: STEPS }, (_, step) => {
    if (step === 10) {
      set.readVariables();
      tf.tidy(() => variables.forEach((variable) => variable.assign(tf.mul(variable, 0.5))));
      set.writeVariables();
    }
    return numbers(set.run('train', batch(step))).flat();
  });
  const probabilities = numbers(set.run('evaluate', batch(50).slice(0, 1)));
  set.readVariables();
  const weights = model.getWeights().map((weight) => [...weight.dataSync()]);
  const moving = model.weights.map((weight) => weight.originalName);
  set.dispose();
  model.dispose();
  return { steps, probabilities, weights, moving };
}

describe('about every layer, with dropout and moving averages', () => {
  test.each(rules)('%s', (rule) => {
    const eager = trainZoo(rule, { mode: 'eager', fused: false });
    for (const fused of [false, true]) {
      const graph = trainZoo(rule, { mode: 'graph', fused });
      expect(difference(graph.steps, eager.steps)).toBeLessThan(1e-5);
      expect(difference(graph.probabilities, eager.probabilities)).toBeLessThan(1e-4);
      expect(difference(graph.weights, eager.weights)).toBeLessThan(1e-3);
    }
    // Dropout draws anew in every step, the moving averages move, and something is learnt.
    expect(new Set(eager.steps.flat()).size).toBe(STEPS);
    const movingMean = eager.weights[eager.moving.findIndex((name) => name.endsWith('moving_mean'))];
    expect(movingMean.some((value) => Math.abs(value) > 0.01)).toBe(true);
  });
});

test('a model that was split off another shares its weights', () => {
  const model = buildZoo(tf, { dropout: false });
  const classifier = toClassifier(tf, model);
  const set = backend.prepare({
    predict: {
      program: ([x]) => [classifier.answers(x).probabilities],
      exampleInputs: [tf.zeros([2, 16, 16, 3])],
    },
    features: {
      program: ([x]) => [
        tf.model({ inputs: model.inputs, outputs: model.layers[5].output }).apply(x) as Tensor4D,
      ],
      exampleInputs: [tf.zeros([2, 16, 16, 3])],
    },
  });
  expect(set.whyEager).toBeNull();
  const image = tf.randomUniform([2, 16, 16, 3]);
  expect(
    difference(numbers(set.run('predict', [image])), numbers([model.predict(image) as Tensor])),
  ).toBeLessThan(1e-5);
  set.dispose();
});
