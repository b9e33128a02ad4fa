/** What recipes that train a plain stack of layers from scratch have in common. */
import { z } from 'zod';
import { lossFor } from '../engine/losses.ts';
import { rmsprop } from '../engine/optimizers/index.ts';
import { type LayerSpec, buildSequential, checkImageSize } from '../engine/sequential.ts';
import type { Recipe, RecipeDefaults } from './recipe.ts';

/** The form of a recipe's settings, with its defaults filled in. */
export function settingsWithDefaults(defaults: RecipeDefaults): Recipe['params'] {
  return z.object({
    epochs: z.number().int().min(1).max(10_000).default(defaults.epochs),
    batchSize: z.number().int().min(1).max(4096).default(defaults.batchSize),
    stepsPerEpoch: z.number().int().min(1).nullable().default(defaults.stepsPerEpoch),
    learningRate: z.number().positive().max(10).default(defaults.learningRate),
    imageSize: z.number().int().min(8).max(1024).default(defaults.imageSize),
  });
}

/** The last layer: one sigmoid output for two classes, a softmax for more. */
export function headLayer(classes: number): LayerSpec {
  return classes === 2
    ? { type: 'Dense', units: 1, activation: 'sigmoid' }
    : { type: 'Dense', units: classes, activation: 'softmax' };
}

/** A recipe that trains `layers` and a head from scratch: pixels / 255, RMSprop, cross-entropy. */
export function stackRecipe(
  about: Pick<Recipe, 'id' | 'label' | 'description' | 'defaults' | 'defaultClasses'>,
  layers: readonly LayerSpec[],
): Recipe {
  return {
    ...about,
    params: settingsWithDefaults(about.defaults),
    preprocessing: '0-1',
    optimizer: rmsprop,
    loss: lossFor,
    checkImageSize: (size) => checkImageSize(layers, size),
    build: (tf, { classes, ...options }) => buildSequential(tf, [...layers, headLayer(classes)], options),
  };
}

/** A 3×3 convolution with ReLU. */
export function conv(filters: number): LayerSpec {
  return { type: 'Conv2D', filters, kernelSize: 3, activation: 'relu' };
}

/** A 2×2 max pooling. */
export const pool: LayerSpec = { type: 'MaxPooling2D', poolSize: 2 };
export const flatten: LayerSpec = { type: 'Flatten' };

/** A dense layer with ReLU. */
export function dense(units: number): LayerSpec {
  return { type: 'Dense', units, activation: 'relu' };
}
