/** What a training recipe is: a network with the way to train it. */
import type * as tfjs from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { Preprocessing } from '../contract/engine-process.ts';
import type { RecipeInfo } from '../contract/training.ts';
import type { Tf } from '../engine/backend.ts';
import type { LossName } from '../engine/losses.ts';
import type { Optimizer } from '../engine/optimizers/optimizer.ts';
import type { SequentialOptions } from '../engine/sequential.ts';

/** Settings with nothing left open except `stepsPerEpoch`, where null means: all training images once. */
export type RecipeDefaults = RecipeInfo['defaults'];

/** One recipe. Adding one is adding one file and one line in `recipes/index.ts`. */
export interface Recipe {
  readonly id: string;
  readonly label: string;
  /** One or two sentences for people. */
  readonly description: string;
  /** What can be set, filled with this recipe's defaults. Drives the form, the flags and what a run records. */
  readonly params: z.ZodType<Omit<RecipeDefaults, 'channels'>, Partial<Omit<RecipeDefaults, 'channels'>>>;
  readonly defaults: RecipeDefaults;
  /** How many classes the lesson's data have: for the layer table while there are no others. */
  readonly defaultClasses: number;
  readonly preprocessing: Preprocessing;
  readonly optimizer: Optimizer;
  loss(classes: number): LossName;
  /** @throws AppError MODEL_TOO_SMALL_INPUT when images of this size leave nothing for a layer */
  checkImageSize(size: number): void;
  /** Builds the network with seeded initial weights. @throws AppError MODEL_TOO_SMALL_INPUT */
  build(tf: Tf, options: SequentialOptions & { readonly classes: number }): tfjs.LayersModel;
}
