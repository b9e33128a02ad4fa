/** What an augmentation is: one random change of a training picture. */
import type * as tfjs from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { Random } from '../../core/random/random.ts';
import type { Tf } from '../base/backend.ts';
import type { Matrix3 } from './matrix.ts';

/** What all kinds have in common. `Params` is what `params` gives. */
interface About<Params> {
  readonly id: string;
  readonly label: string;
  /** One sentence for people. */
  readonly description: string;
  /** The parameters, named as in Keras where Keras has them. Drives the form, the flags and what a run records. */
  readonly params: z.ZodObject & z.ZodType<Params>;
  /** True when these parameters leave every picture as it is. */
  changesNothing(params: Params): boolean;
}

/** A change of where pixels come from. */
export interface GeometricAugmentation<Params = unknown> extends About<Params> {
  readonly kind: 'geometric';
  /**
   * Draws the map from a place in the result to its place in the picture, in pixels from the centre: x to the right,
   * y downwards. That direction, and the order of the registry, are those of Keras' `apply_affine_transform`.
   * @param size width and height of the picture
   */
  draw(params: Params, random: Random, size: number): Matrix3;
}

/** A linear change of colour: `matrix · (red, green, blue) + meanFactor · (mean of all the picture's values)`. */
export interface ColourChange {
  readonly matrix: Matrix3;
  readonly meanFactor: number;
}

/** A change of colours. */
export interface ColourAugmentation<Params = unknown> extends About<Params> {
  readonly kind: 'colour';
  /** What costs extra: channels that are mixed and not only scaled alike, the mean of the picture. */
  readonly needs: 'nothing' | 'mixing' | 'mean';
  draw(params: Params, random: Random): ColourChange;
}

/** Any other change, computed from a few drawn numbers per picture. */
export interface PixelAugmentation<Params = unknown> extends About<Params> {
  readonly kind: 'pixels';
  /** How many numbers are drawn per picture. */
  readonly values: number;
  draw(params: Params, random: Random, size: number): readonly number[];
  /**
   * Part of a traced program.
   * @param images float32 `[batch, size, size, channels]`, 0–255
   * @param drawn float32 `[batch, values]`
   */
  apply(tf: Tf, images: tfjs.Tensor4D, drawn: tfjs.Tensor2D, fillValue: number): tfjs.Tensor4D;
}

/** One augmentation. Adding one is adding one file and one line in `registries/augmentations/index.ts`. */
export type Augmentation = GeometricAugmentation | ColourAugmentation | PixelAugmentation;

/** A number drawn evenly from [least, most). */
export function uniform(random: Random, least: number, most: number): number {
  return least + (most - least) * random.next();
}
