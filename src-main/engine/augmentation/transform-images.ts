import type * as tfjs from '@tensorflow/tfjs';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import type { Tf } from '../base/backend.ts';
import { placesOf, wrapImages } from './wrap-images.ts';

/**
 * Moves the pixels of each image by its own projective transform, bilinear (Keras' `interpolation_order=1`). Part of a
 * traced program. Beyond the edge it does what scipy does, which Keras asks: TensorFlow's `wrap` has another period,
 * and its `constant` fades into the fill for one pixel.
 * @param images float32 `[batch, height, width, channels]`
 * @param transforms float32 `[batch, 8]`, from places of the result to places of the image
 */
export function transformImages(
  tf: Tf,
  images: tfjs.Tensor4D,
  transforms: tfjs.Tensor2D,
  { fillMode, fillValue }: Pick<AugmentationSettings, 'fillMode' | 'fillValue'>,
): tfjs.Tensor4D {
  if (fillMode === 'wrap') return wrapImages(tf, images, transforms);
  if (fillMode !== 'constant') return transformInside(tf, images, transforms, fillMode);
  const [, height, width] = images.shape;
  const { across, down } = placesOf(tf, transforms, height, width);
  const within = (places: tfjs.Tensor, side: number): tfjs.Tensor =>
    tf.logicalAnd(tf.greaterEqual(places, 0), tf.lessEqual(places, side - 1));
  const inside = tf.expandDims(tf.logicalAnd(within(across, width), within(down, height)), 3);
  const moved = transformInside(tf, images, transforms, 'nearest');
  return tf.where<tfjs.Tensor4D>(inside, moved, tf.fill(images.shape, fillValue));
}

function transformInside(
  tf: Tf,
  images: tfjs.Tensor4D,
  transforms: tfjs.Tensor2D,
  fillMode: 'nearest' | 'reflect',
): tfjs.Tensor4D {
  const [batch, height, width] = images.shape;
  const transform = (some: tfjs.Tensor4D, theirs: tfjs.Tensor2D): tfjs.Tensor4D =>
    tf.image.transform(some, theirs, 'bilinear', fillMode, 0, [height, width]);
  if (tf.getBackend() !== 'cpu' || batch === 1) return transform(images, transforms);
  // The JavaScript kernel of tfjs 4.22 ends after the first image of a batch.
  const theirs = tf.split<tfjs.Tensor2D>(transforms, batch);
  return tf.concat(
    tf.split<tfjs.Tensor4D>(images, batch).map((image, index) => transform(image, theirs[index])),
  );
}
