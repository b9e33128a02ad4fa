/**
 * Augmentation of batches: parameters drawn in TypeScript from the run's seed, arithmetic in the traced program. The
 * preview runs the very same two functions.
 */
import type { Augmentation } from './augmentation.ts';
import type * as tfjs from '@tensorflow/tfjs';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import type { Backend } from '../base/backend.ts';
import { type Stage, colourStage, geometricStage, pixelStage } from './stages.ts';
import { type SwitchedOn, switchedOn } from './switched-on.ts';

export interface Augmenter {
  /** True when nothing is switched on: then nothing is fed, and `apply` gives back what it was given. */
  readonly isIdentity: boolean;
  /** Shapes of what is fed for a batch (float32), in the order that `draw` gives and `apply` takes. */
  inputs(batchSize: number, imageSize: number): readonly { readonly shape: number[] }[];
  /**
   * Draws the parameters of a batch. The same seed and key give the same transform, whatever else is in the batch,
   * and each kind of transform has its own stream: changing one leaves the others' draws alone.
   * @param keys one number per place, which names that image's draw, e.g. `step * batchSize + place`
   * @param imageSize width and height of the images
   */
  draw(seed: number, keys: ArrayLike<number>, imageSize: number): Float32Array[];
  /**
   * Part of a traced program.
   * @param images float32 `[batch, size, size, channels]`, 0–255
   * @param fed what `draw` gave, as tensors of the shapes of `inputs`
   * @returns float32 of the same shape, 0–255
   */
  apply(backend: Backend, images: tfjs.Tensor4D, fed: readonly tfjs.Tensor[]): tfjs.Tensor4D;
}

/**
 * The augmenter of some settings.
 * @param augmentations all there are, in the order of application
 * @throws AppError TRAINING_AUGMENTATION_INVALID
 */
export function createAugmenter(
  augmentations: readonly Augmentation[],
  settings: AugmentationSettings,
): Augmenter {
  const stages = stagesOf(switchedOn(augmentations, settings), settings);
  return {
    isIdentity: stages.length === 0,
    inputs: (batchSize) => stages.map(({ values }) => ({ shape: [batchSize, values] })),
    draw: (seed, keys, imageSize) =>
      stages.map((stage) => {
        const drawn = new Float32Array(keys.length * stage.values);
        for (let place = 0; place < keys.length; place++) {
          drawn.set(stage.draw(seed, keys[place], imageSize), place * stage.values);
        }
        return drawn;
      }),
    apply: (backend, images, fed) =>
      stages.reduce(
        (pixels, stage, index) => stage.apply(backend.tf, pixels, fed[index] as tfjs.Tensor2D),
        images,
      ),
  };
}

/** All geometric ones become one stage, all colour ones another: a batch is gone through as seldom as can be. */
function stagesOf(on: readonly SwitchedOn[], settings: AugmentationSettings): Stage[] {
  const geometric = [];
  const colour = [];
  const pixel = [];
  for (const { augmentation, params } of on) {
    if (augmentation.kind === 'geometric') geometric.push({ augmentation, params });
    else if (augmentation.kind === 'colour') colour.push({ augmentation, params });
    else pixel.push({ augmentation, params });
  }
  return [
    ...(geometric.length === 0 ? [] : [geometricStage(geometric, settings)]),
    ...(colour.length === 0 ? [] : [colourStage(colour)]),
    ...pixel.map((one) => pixelStage(one, settings)),
  ];
}
