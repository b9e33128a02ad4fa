/** Images moved by transforms, repeated beyond their edges as scipy does it. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';

/** Where in the image each place of the result comes from, `[batch, height, width]`, in pixels. */
export interface Places {
  readonly across: tfjs.Tensor;
  readonly down: tfjs.Tensor;
}

/**
 * Follows transforms from the places of the result.
 * @param transforms float32 `[batch, 8]`: `x = (a0 X + a1 Y + a2) / (a6 X + a7 Y + 1)`, `y` likewise with a3 … a5
 */
export function placesOf(tf: Tf, transforms: tfjs.Tensor2D, height: number, width: number): Places {
  const x = tf.reshape(tf.range(0, width, 1, 'float32'), [1, 1, width]);
  const y = tf.reshape(tf.range(0, height, 1, 'float32'), [1, height, 1]);
  const parts = tf.split(tf.reshape(transforms, [-1, 8, 1, 1]), 8, 1).map((part) => tf.squeeze(part, [1]));
  // a x − (−c − b y): TensorFlow may add the parts of a sum in another order in a graph, and so round otherwise.
  const plane = (a: tfjs.Tensor, b: tfjs.Tensor, c: tfjs.Tensor): tfjs.Tensor =>
    tf.sub(tf.mul(a, x), tf.sub(tf.mul(c, -1), tf.mul(b, y)));
  const [a0, a1, a2, a3, a4, a5, a6, a7] = parts;
  const depth = plane(a6, a7, tf.onesLike(a6));
  return { across: tf.div(plane(a0, a1, a2), depth), down: tf.div(plane(a3, a4, a5), depth) };
}

/**
 * A place brought inside: the first and the last pixel lie on each other, so that the period is one less than the side.
 * @see `map_coordinate`, NI_EXTEND_WRAP, in https://github.com/scipy/scipy/blob/main/scipy/ndimage/src/ni_interpolation.c
 */
function wrapped(tf: Tf, places: tfjs.Tensor, side: number): tfjs.Tensor {
  const period = side - 1;
  if (period === 0) return tf.zerosLike(places);
  const before = tf.add(tf.floor(tf.mul(places, -1 / period)), 1);
  const after = tf.floor(tf.mul(places, 1 / period));
  const isBefore = tf.less(places, 0);
  const isAfter = tf.greater(places, period);
  const moved = tf.where(isBefore, tf.add(places, tf.mul(before, period)), places);
  const inside = tf.where(isAfter, tf.sub(moved, tf.mul(after, period)), moved);
  return tf.clipByValue(inside, 0, period);
}

/**
 * Bilinear, with `wrap` beyond the edge. Part of a traced program.
 * @param images float32 `[batch, height, width, channels]`
 * @param transforms float32 `[batch, 8]`
 */
export function wrapImages(tf: Tf, images: tfjs.Tensor4D, transforms: tfjs.Tensor2D): tfjs.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const { across, down } = placesOf(tf, transforms, height, width);
  const [x, y] = [wrapped(tf, across, width), wrapped(tf, down, height)];
  const [left, top] = [tf.floor(x), tf.floor(y)];
  const [right, bottom] = [tf.minimum(tf.add(left, 1), width - 1), tf.minimum(tf.add(top, 1), height - 1)];
  const [part, partDown] = [tf.sub(x, left), tf.sub(y, top)];
  const pixels = tf.reshape(images, [batch * height * width, channels]);
  // Whole numbers: those of float32 are exact up to sixteen million only.
  const whole = (values: tfjs.Tensor): tfjs.Tensor => tf.cast(values, 'int32');
  const beginning = tf.mul(
    tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1, 1]),
    tf.scalar(height * width, 'int32'),
  );
  const pixel = (column: tfjs.Tensor, row: tfjs.Tensor): tfjs.Tensor => {
    const before = tf.mul(whole(row), tf.scalar(width, 'int32'));
    const place = tf.add(beginning, tf.add(before, whole(column)));
    // Not `tf.gather`, which reads its indices while it is traced.
    return tf.reshape(tf.gatherND(pixels, tf.reshape(place, [-1, 1])), images.shape);
  };
  const between = (from: tfjs.Tensor, to: tfjs.Tensor, share: tfjs.Tensor): tfjs.Tensor =>
    tf.add(from, tf.mul(tf.sub(to, from), tf.expandDims(share, 3)));
  const upper = between(pixel(left, top), pixel(right, top), part);
  const lower = between(pixel(left, bottom), pixel(right, bottom), part);
  return between(upper, lower, partDown) as tfjs.Tensor4D;
}
