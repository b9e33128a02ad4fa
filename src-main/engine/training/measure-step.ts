/** Times one training step of a recipe on made-up pixels. */
import type * as tfjs from '@tensorflow/tfjs';
import { createRandom } from '../../core/random/random.ts';
import type { Recipe } from '../network/recipe.ts';
import type { Backend } from '../base/backend.ts';
import type { Batch } from '../step/batches.ts';
import { toClassifier } from '../step/classifier.ts';
import { createSlots, optimizers } from '../optimizers/index.ts';
import { type ImageShape, trainableVariables } from '../step/programs.ts';
import { createTrainStep, runTrainStep } from './train-step.ts';

/**
 * Median milliseconds of a training step for two classes, with the recipe's own batch and image size.
 * @param steps how many are timed, after two that warm up (none when only one is timed)
 */
export function measureStep(backend: Backend, recipe: Recipe, { steps }: { steps: number }): number {
  const { tf } = backend;
  const { imageSize, channels, batchSize, learningRate } = recipe.defaults;
  const imageShape = [imageSize, imageSize, channels] as const;
  const model = recipe.build(tf, { inputShape: imageShape, classes: 2, seed: 1 });
  const optimizer = optimizers[recipe.defaults.optimizer];
  const variables = trainableVariables(model);
  const slots = createSlots(backend, optimizer, variables);
  const classifier = toClassifier(tf, model);
  const preprocessing = recipe.preprocessing ?? '0-1';
  const network = { backend, classifier, preprocessing, imageShape, batchSize };
  const step = createTrainStep({ ...network, optimizer, variables, slots, seed: 1 });
  const programs = backend.prepare({ train: step.spec });
  const batch = noise(batchSize, imageShape);
  try {
    const times: number[] = [];
    for (let run = steps > 1 ? -2 : 0; run < steps; run++) {
      const begun = performance.now();
      runTrainStep(backend, programs, step, batch, { learningRate, step: 0, update: 1 });
      if (run >= 0) times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  } finally {
    programs.dispose();
    model.dispose();
    tf.dispose([...slots.flat(), ...(step.spec.exampleInputs as tfjs.Tensor[])]);
  }
}

function noise(batchSize: number, shape: ImageShape): Batch {
  const random = createRandom(1);
  const length = batchSize * shape[0] * shape[1] * shape[2];
  return {
    images: Uint8Array.from({ length }, () => random.integer(256)),
    labels: Int32Array.from({ length: batchSize }, (_, index) => index % 2),
    weights: new Float32Array(batchSize).fill(1),
    count: batchSize,
  };
}
