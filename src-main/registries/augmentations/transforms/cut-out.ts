import type * as tfjs from '@tensorflow/tfjs';
import { z } from 'zod';
import { type PixelAugmentation } from '../../../engine/augmentation/augmentation.ts';
import { amount } from '../params.ts';

const params = z.object({
  cutout_size: amount({ title: 'Side', unit: '%', min: 0, max: 0.9, step: 0.01 }, 0.3),
});

/**
 * A square covered with the fill value, its middle anywhere in the picture.
 * @see DeVries and Taylor, Improved Regularization of Convolutional Neural Networks with Cutout (2017), arXiv:1708.04552
 */
export const cutOut: PixelAugmentation<z.infer<typeof params>> = {
  id: 'cut-out',
  label: 'Cut-out',
  description: 'Covers a square, so that the network does not lean on one detail alone.',
  kind: 'pixels',
  values: 4,
  params,
  changesNothing: ({ cutout_size }) => cutout_size === 0,
  /** Left, right, top and bottom: pixels from the first to before the second. */
  draw({ cutout_size }, random, size) {
    const side = Math.round(cutout_size * size);
    const left = random.integer(size) - Math.floor(side / 2);
    const top = random.integer(size) - Math.floor(side / 2);
    return [left, left + side, top, top + side];
  },
  apply(tf, images, drawn, fillValue) {
    const [batch, size, , channels] = images.shape;
    const [left, right, top, bottom] = tf.split(drawn, 4, 1);
    const column = tf.floor(tf.div<tfjs.Tensor1D>(tf.range(0, size * channels), channels));
    const row = tf.range(0, size);
    const within = (places: tfjs.Tensor1D, from: tfjs.Tensor, to: tfjs.Tensor): tfjs.Tensor =>
      tf.cast(tf.logicalAnd(tf.greaterEqual(places, from), tf.less(places, to)), 'float32');
    const covered = tf.mul(
      tf.reshape(within(row, top, bottom), [batch, size, 1]),
      tf.reshape(within(column, left, right), [batch, 1, size * channels]),
    );
    const kept = tf.mul(tf.reshape(images, [batch, size, size * channels]), tf.sub(1, covered));
    const filled = fillValue === 0 ? kept : tf.add(kept, tf.mul(covered, fillValue));
    return tf.reshape(filled, images.shape);
  },
};
