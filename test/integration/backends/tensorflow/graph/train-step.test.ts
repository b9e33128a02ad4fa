/** The training step with all that can be switched on: the graph does what the same program does eagerly. */
import { augmentations } from '../../../../../src-main/registries/augmentations/index.ts';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAugmenter } from '../../../../../src-main/engine/augmentation/augmenter.ts';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../../../../src-main/engine/step/classifier.ts';
import { prepareEagerly } from '../../../../../src-main/engine/base/eager-programs.ts';
import { createSlots, optimizers } from '../../../../../src-main/engine/optimizers/index.ts';
import { trainableVariables } from '../../../../../src-main/engine/step/programs.ts';
import {
  type TrainStepOptions,
  createTrainStep,
} from '../../../../../src-main/engine/training/train-step.ts';
import {
  buildTransfer,
  splitTransfer,
  unfreezeFrom,
  wholeClassifier,
} from '../../../../../src-main/engine/transfer/transfer.ts';
import { findRecipe } from '../../../../../src-main/registries/recipes/index.ts';
import { lessonAugmentation } from '../../../../../src-main/registries/recipes/lesson-augmentation.ts';
import { makeTiles, smallBackbone } from '../../../../fixtures/engine-parts.ts';
import { loadTensorflow } from './tensorflow.ts';

let backend: Required<Backend>;
let tf: Tf;
beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

const size = 64;
const batchSize = 8;
const classes = 3;
const steps = 20;

type Extras = Partial<
  Pick<TrainStepOptions, 'augmenter' | 'classWeights' | 'labelSmoothing' | 'mixup' | 'optimizer'>
>;

/** A network with its weights, of which some train. */
function network(kind: 'augmented' | 'fine-tuning') {
  if (kind === 'augmented') {
    const options = { inputShape: [size, size, 3] as const, classes, seed: 5, settings: { dropout: 0.5 } };
    const model = findRecipe('augmented').build(tf, options);
    return { model, classifier: toClassifier(tf, model) };
  }
  const head = { classes, pooling: 'average', headUnits: 16, dropout: 0.5, seed: 5 } as const;
  const model = buildTransfer(tf, smallBackbone(tf, size).model, head);
  const parts = splitTransfer(model)!;
  unfreezeFrom(parts, 'conv_2');
  return { model, classifier: wholeClassifier(tf, parts) };
}

/** Losses and final weights of some steps. */
function run(
  kind: 'augmented' | 'fine-tuning',
  mode: 'graph' | 'eager',
  extras: Extras,
  learningRate: number,
) {
  const chosen: Backend =
    mode === 'graph'
      ? backend
      : {
          ...backend,
          fuseUpdate: undefined,
          prepare: (programs) => prepareEagerly(tf, programs, 'asked for'),
        };
  const { model, classifier } = network(kind);
  const variables = trainableVariables(model);
  const optimizer = extras.optimizer ?? optimizers.rmsprop;
  const slots = createSlots(chosen, optimizer, variables);
  const step = createTrainStep({
    backend: chosen,
    classifier,
    preprocessing: '0-1',
    imageShape: [size, size, 3],
    batchSize,
    variables,
    slots,
    seed: 9,
    ...extras,
    optimizer,
  });
  const set = chosen.prepare({ train: step.spec });
  expect(set.whyEager).toBe(mode === 'graph' ? null : 'asked for');
  const losses: number[] = [];
  for (let index = 0; index < steps; index++) {
    const { data, labels } = makeTiles({ images: batchSize, classes, size, channels: 3, seed: index + 1 });
    const count = index % 5 === 4 ? batchSize - 3 : batchSize;
    const weights = Float32Array.from({ length: batchSize }, (_, place) => (place < count ? 1 : 0));
    const batch = { images: data, labels: Int32Array.from(labels), weights, count };
    const inputs = step.inputs(batch, { learningRate, step: index, update: index + 1 });
    const outputs = set.run('train', inputs);
    losses.push(outputs[0].dataSync()[0] / count);
    tf.dispose([inputs, outputs]);
  }
  set.readVariables();
  const frozen = model.weights.filter((weight) => !variables.includes(weight.read() as Variable));
  const result = {
    losses,
    frozen: frozen.map((weight) => [...weight.read().dataSync()]),
    trained: variables.map((variable) => [...variable.dataSync()]),
  };
  set.dispose();
  model.dispose();
  tf.dispose([slots, step.spec.exampleInputs as Tensor[]]);
  return result;
}

const augmenter = createAugmenter(augmentations, lessonAugmentation);
const everything: Extras = { augmenter, classWeights: [1, 0.5, 2], labelSmoothing: 0.1, mixup: 0.4 };

describe.each(['augmented', 'fine-tuning'] as const)('%s', (kind) => {
  test.each<[string, Extras, number]>([
    ['dropout alone', {}, 1e-5],
    ['augmentation', { augmenter }, 1e-5],
    ['class weights', { classWeights: [1, 0.5, 2] }, 1e-5],
    ['label smoothing', { labelSmoothing: 0.1 }, 1e-5],
    ['mixup', { mixup: 0.4 }, 1e-5],
    ['everything, with SGD', { ...everything, optimizer: optimizers.sgd }, 1e-3],
    ['everything, with Adam', { ...everything, optimizer: optimizers.adam }, 1e-5],
    ['everything, with AdamW', { ...everything, optimizer: optimizers.adamw }, 1e-5],
  ])('%s: 20 steps of the graph are the eager ones', (_, extras, learningRate) => {
    const graph = run(kind, 'graph', extras, learningRate);
    const eager = run(kind, 'eager', extras, learningRate);
    graph.losses.forEach((loss, index) => {
      expect(Math.abs(loss / eager.losses[index] - 1)).toBeLessThan(1e-4);
    });
    expect(graph.frozen).toEqual(eager.frozen);
    // Every batch is another, and so is what is drawn for it.
    expect(new Set(graph.losses).size).toBe(steps);
  });
});

describe('what the switches do', () => {
  test('class weights and label smoothing change the loss as Keras defines them', () => {
    const plain = run('fine-tuning', 'graph', {}, 1e-9);
    const weighted = run('fine-tuning', 'graph', { classWeights: [2, 2, 2] }, 1e-9);
    weighted.losses.forEach((loss, index) => expect(loss / plain.losses[index]).toBeCloseTo(2, 4));
    const smoothed = run('fine-tuning', 'graph', { labelSmoothing: 0.3 }, 1e-9);
    expect(smoothed.losses).not.toEqual(plain.losses);
  });

  test('frozen weights stay, the others move', () => {
    const { model, classifier } = network('fine-tuning');
    const before = model.weights.map((weight) => [...weight.read().dataSync()]);
    expect(classifier.model.trainableWeights).toHaveLength(6);
    const { frozen, trained } = run('fine-tuning', 'graph', {}, 1e-3);
    expect(frozen).toHaveLength(2);
    const isBefore = (values: number[]) => before.some((other) => other.join() === values.join());
    expect(frozen.every(isBefore)).toBe(true);
    expect(trained.some(isBefore)).toBe(false);
  });
});
