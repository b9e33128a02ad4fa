/** Tiles as training would see them, for people to look at. */
import type { Augmentation } from '../augmentation/augmentation.ts';
import type * as tfjs from '@tensorflow/tfjs';
import { createAugmenter } from '../augmentation/augmenter.ts';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Backend } from '../base/backend.ts';
import { pixelTensor } from '../step/programs.ts';
import { preprocess } from '../step/preprocessing.ts';
import { type TileReader, tileBytes } from '../../core/files/records.ts';

export interface AugmentedTilesOptions {
  readonly backend: Backend;
  /** All there are. */
  readonly augmentations: readonly Augmentation[];
  readonly reader: TileReader;
  readonly settings: AugmentationSettings;
  readonly seed: number;
  readonly slots: readonly number[];
  /** Name the draws, one for each slot; see `Augmenter.draw`. */
  readonly keys: readonly number[];
  readonly preprocessing: Preprocessing;
}

export interface AugmentedTiles {
  /** Rounded to whole numbers 0–255: one tile after another. */
  readonly pixels: Uint8Array;
  /** Of the numbers that a network would get. */
  readonly range: { min: number; max: number; mean: number };
}

/**
 * Augments tiles with the functions of a training step, run eagerly: a slider moves faster than a graph compiles.
 * @throws AppError TRAINING_AUGMENTATION_INVALID, FILE_UNREADABLE
 */
export async function augmentTiles(options: AugmentedTilesOptions): Promise<AugmentedTiles> {
  const { backend, augmentations, reader, settings, seed, slots, keys, preprocessing } = options;
  const { tf } = backend;
  const augmenter = createAugmenter(augmentations, settings);
  const records = new Uint8Array(slots.length * tileBytes(reader));
  await reader.read(slots, records);
  const [pixels, range] = tf.tidy(() => {
    const bytes = pixelTensor(backend, records, slots.length, reader.shape);
    const shapes = augmenter.inputs(slots.length, reader.size);
    const fed = augmenter
      .draw(seed, keys, reader.size)
      .map((values, index) => tf.tensor(values, shapes[index].shape));
    const images = augmenter.apply(backend, tf.cast(bytes, 'float32') as tfjs.Tensor4D, fed);
    const given = preprocess(tf, images, preprocessing);
    const figures = tf.stack([tf.min(given), tf.max(given), tf.mean(given)]);
    return [tf.cast(tf.round(images), 'int32'), figures];
  });
  try {
    const [min, max, mean] = range.dataSync();
    return { pixels: new Uint8Array(pixels.dataSync()), range: { min, max, mean } };
  } finally {
    tf.dispose([pixels, range]);
  }
}
