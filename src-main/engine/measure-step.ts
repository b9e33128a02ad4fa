/** Times one training step of a recipe on made-up pixels. */
import type * as tfjs from '@tensorflow/tfjs';
import { createRandom } from '../core/random.ts';
import type { Recipe } from '../recipes/recipe.ts';
import type { Backend } from './backend.ts';
import { toClassifier } from './classifier.ts';
import { createSlots } from './optimizers/index.ts';
import { type ImageShape, batchTensors, trainProgram, trainableVariables } from './programs.ts';

/**
 * Median milliseconds of a training step for two classes, with the recipe's own batch and image size.
 * @param steps how many are timed, after two that warm up (none when only one is timed)
 */
export function measureStep(backend: Backend, recipe: Recipe, { steps }: { steps: number }): number {
  const { tf } = backend;
  const { imageSize, channels, batchSize, learningRate } = recipe.defaults;
  const imageShape: ImageShape = [imageSize, imageSize, channels];
  const model = recipe.build(tf, { inputShape: imageShape, classes: 2, seed: 1 });
  const slots = createSlots(backend, recipe.optimizer, trainableVariables(model));
  const classifier = toClassifier(tf, model);
  const options = { backend, classifier, preprocessing: recipe.preprocessing, imageShape, batchSize };
  const spec = trainProgram(options, recipe.optimizer, slots);
  const programs = backend.prepare({ train: spec });
  const inputs = [
    ...batchTensors(backend, noise(batchSize, imageShape), imageShape),
    tf.scalar(learningRate),
  ];
  try {
    const times: number[] = [];
    for (let step = steps > 1 ? -2 : 0; step < steps; step++) {
      const begun = performance.now();
      const outputs = programs.run('train', inputs);
      // Reading the loss waits for the step to end, as the training loop does.
      outputs[0].dataSync();
      tf.dispose(outputs);
      if (step >= 0) times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  } finally {
    programs.dispose();
    model.dispose();
    tf.dispose([...inputs, ...slots.flat(), ...(spec.exampleInputs as tfjs.Tensor[])]);
  }
}

function noise(batchSize: number, shape: ImageShape) {
  const random = createRandom(1);
  const length = batchSize * shape[0] * shape[1] * shape[2];
  return {
    images: Uint8Array.from({ length }, () => random.integer(256)),
    labels: Int32Array.from({ length: batchSize }, (_, index) => index % 2),
    weights: new Float32Array(batchSize).fill(1),
    count: batchSize,
  };
}
