import type * as tfjs from '@tensorflow/tfjs';
import { z } from 'zod';
import type { Tf } from '../../../engine/base/backend.ts';
import { type PixelAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { amount } from '../params.ts';

const params = z.object({
  blur_range: amount({ title: 'Up to', unit: '%', min: 0, max: 0.04, step: 0.001 }, 0.01),
});

/** Narrower than this, a Gaussian is one pixel. */
const narrowest = 0.05;

/** Row i: how much each of `size` pixels counts for pixel i; `[batch, size, size]`. The edge counts what is there. */
function weights(tf: Tf, sigmas: tfjs.Tensor2D, size: number): tfjs.Tensor3D {
  const places = tf.range(0, size);
  const distance = tf.sub(tf.reshape(places, [size, 1]), tf.reshape(places, [1, size]));
  const falloff = tf.div(-0.5, tf.square(tf.maximum(tf.reshape(sigmas, [-1, 1, 1]), narrowest)));
  const gaussian = tf.exp(tf.mul(tf.reshape(tf.square(distance), [1, size, size]), falloff));
  return tf.div(gaussian, tf.sum(gaussian, 2, true));
}

/** A Gaussian blur whose standard deviation is drawn from [0, range] of the width. */
export const blur: PixelAugmentation<z.infer<typeof params>> = {
  id: 'blur',
  label: 'Blur',
  description: 'Makes the picture a little unsharp, as a moving hand or a cheap lens would.',
  kind: 'pixels',
  values: 1,
  params,
  changesNothing: ({ blur_range }) => blur_range === 0,
  draw: ({ blur_range }, random, size) => [uniform(random, 0, blur_range) * size],
  // Two matrix products, down and across: any width costs the same, and each picture can have its own.
  apply(tf, images, drawn) {
    const [batch, size, , channels] = images.shape;
    const byPlace = weights(tf, drawn, size);
    const along = (values: tfjs.Tensor4D): tfjs.Tensor4D => {
      const rows = tf.reshape(values, [batch, size, size * channels]);
      return tf.reshape(tf.matMul(byPlace, rows), [batch, size, size, channels]);
    };
    const swap = (values: tfjs.Tensor4D): tfjs.Tensor4D => tf.transpose(values, [0, 2, 1, 3]);
    return swap(along(swap(along(images))));
  },
};
