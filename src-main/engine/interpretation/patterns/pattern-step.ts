/** One step of gradient ascent for many filters at once: each picture of the batch is for another filter. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Program, Tf } from '../../base/backend.ts';
import type { NetworkLayer } from '../../network/network.ts';
import { canvasInput } from './pattern-canvas.ts';
import type { Subject } from '../subject.ts';

/** What changes the picture between steps; the lesson has neither. */
export interface StepExtras {
  readonly jitter: boolean;
  /** Standard deviation in pixels; 0 for none. */
  readonly blur: number;
}

/**
 * `[canvases, 1 at the filter of every canvas, step size]` → `[canvases, mean activations before the step, sizes of the
 * gradients]`; with jitter two more inputs: the rows and columns to take the picture from.
 *
 * The loss is the mean activation of the filter; its gradient is divided by sqrt(mean(g²)) + 1e-5 and added. The
 * pictures do not depend on one another, so one gradient of the sum holds them all.
 */
export function patternStep(subject: Subject, layer: NetworkLayer, extras: StepExtras): Program {
  const { tf } = subject.backend;
  return ([given, chosen, stepSize, rows, columns]) => {
    let canvas = given as tfjs.Tensor4D;
    if (extras.jitter) canvas = roll(tf, canvas, rows as tfjs.Tensor1D, columns as tfjs.Tensor1D);
    const input = canvasInput(subject, canvas);
    let activations: tfjs.Tensor | null = null;
    const loss = (images: tfjs.Tensor): tfjs.Scalar => {
      const outputs = subject.network.walk(images).value(layer);
      const [count, height, width, depth] = outputs.shape as [number, number, number, number];
      // As a product of matrices: the derivative of a mean over all of it would be three passes over the whole output.
      const places = tf.reshape(outputs, [count, height * width, depth]);
      const responses = tf.matMul(places, tf.reshape(chosen, [count, depth, 1]));
      const means = tf.reshape(tf.mean(responses, 1), [count]);
      // Kept beyond the gradient's own scope; the caller of the program disposes of it with the other outputs.
      activations = tf.keep(means);
      return tf.sum(means);
    };
    const gradient = tf.grad(loss)(input);
    const sizes = tf.sqrt(tf.mean(tf.square(gradient), [1, 2, 3], true));
    const step = tf.mul(tf.div(gradient, tf.add(sizes, 1e-5)), stepSize);
    let next = tf.add<tfjs.Tensor4D>(canvas, step);
    if (extras.blur > 0) next = blurred(tf, next, extras.blur);
    if (extras.jitter) next = roll(tf, next, inverse(tf, rows), inverse(tf, columns));
    return [next, activations!, tf.reshape(sizes, [-1])];
  };
}

function roll(tf: Tf, pictures: tfjs.Tensor4D, rows: tfjs.Tensor1D, columns: tfjs.Tensor1D): tfjs.Tensor4D {
  return tf.gather(tf.gather(pictures, rows, 1), columns, 2);
}

/** Rows taken from k places further on have to be taken from as many places back. */
function inverse(tf: Tf, indices: tfjs.Tensor): tfjs.Tensor1D {
  const [length] = indices.shape;
  const first = tf.slice(indices, [0], [1]);
  const places = tf.range(0, length, 1, 'int32');
  return tf.mod(tf.add(tf.sub(places, first), length), length).toInt() as tfjs.Tensor1D;
}

/** A Gaussian blur; beyond the border the picture is mirrored. Part of traced programs. */
export function blurred(tf: Tf, pictures: tfjs.Tensor4D, deviation: number): tfjs.Tensor4D {
  const [, height, width, channels] = pictures.shape;
  const reach = Math.min(Math.ceil(2.5 * deviation), height - 1, width - 1);
  const places = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = places.reduce((total, value) => total + value, 0);
  const weights = places.flatMap((value) => Array.from({ length: channels }, () => value / sum));
  const along = (length: [number, number]): tfjs.Tensor4D => tf.tensor4d(weights, [...length, channels, 1]);
  const padded = tf.mirrorPad(
    pictures,
    [
      [0, 0],
      [reach, reach],
      [reach, reach],
      [0, 0],
    ],
    'reflect',
  );
  const down = tf.depthwiseConv2d(padded, along([places.length, 1]), 1, 'valid');
  return tf.depthwiseConv2d(down, along([1, places.length]), 1, 'valid');
}
