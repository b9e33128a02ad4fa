/** Heatmaps from gradients, for one photo or a batch of them. */
import type * as tfjs from '@tensorflow/tfjs';
import type { EmptyReason } from '../../../contract/app/explain/heatmaps.ts';
import type { Program } from '../../base/backend.ts';
import { probabilities, scores } from './class-score.ts';
import { type GradientMethod, type PlainHeatmap, normaliseMap } from './heatmap-method.ts';
import type { NetworkLayer } from '../../network/network.ts';
import { type Subject, readAll, toInput } from '../subject.ts';

/** A heatmap with the prediction for the photo. */
export interface ScoredHeatmap extends PlainHeatmap {
  readonly probabilities: Float32Array;
}

/**
 * `[pixels, 1 at the class to explain of every photo]` → `[maps, greatest |output|, greatest |gradient|,
 * probabilities]`, the second and third of each photo.
 */
export function gradientProgram(subject: Subject, layer: NetworkLayer, method: GradientMethod): Program {
  const { tf } = subject.backend;
  return ([pixels, chosen]) => {
    const images = toInput(subject, pixels);
    const walk = subject.network.walk(images);
    const outputs = walk.value(layer) as tfjs.Tensor4D;
    const derived = (given: tfjs.Tensor): tfjs.Scalar => {
      const from = subject.network.walk(images, new Map([[layer, given]]));
      const said = method.derives === 'score' ? scores : probabilities;
      // Photos do not depend on one another, so the gradient of the sum holds that of each.
      return tf.sum(tf.mul(said(tf, subject.network, from), chosen));
    };
    const gradients = tf.grad(derived)(outputs) as tfjs.Tensor4D;
    const most = (values: tfjs.Tensor): tfjs.Tensor => tf.max(tf.abs(values), [1, 2, 3]);
    return [
      method.map(tf, outputs, gradients),
      most(outputs),
      most(gradients),
      probabilities(tf, subject.network, walk),
    ];
  };
}

/** 1 at the class of every photo. */
export function chosenClasses(subject: Subject, classes: readonly number[]): tfjs.Tensor2D {
  const values = new Float32Array(classes.length * subject.classes);
  classes.forEach((index, place) => {
    values[place * subject.classes + index] = 1;
  });
  return subject.backend.tf.tensor2d(values, [classes.length, subject.classes]);
}

/** The heatmaps in the outputs of a gradient program, which are disposed of. */
export function readHeatmaps(outputs: readonly tfjs.Tensor[]): ScoredHeatmap[] {
  const [count, height, width] = outputs[0].shape;
  const [maps, greatestOutputs, greatestGradients, said] = readAll(outputs);
  const part = (values: Float32Array, place: number): Float32Array => {
    const length = values.length / count;
    return values.subarray(place * length, (place + 1) * length);
  };
  return Array.from({ length: count }, (_, place) => {
    const why = (): EmptyReason => {
      if (greatestOutputs[place] === 0) return 'silent';
      return greatestGradients[place] === 0 ? 'saturated' : 'against';
    };
    const heatmap = normaliseMap(part(maps, place), height, width, why);
    return { ...heatmap, probabilities: part(said, place) };
  });
}

/** Heatmaps of a few photos at once, without compiling. @param pixels `[count, size, size, channels]` */
export function gradientHeatmaps(
  subject: Subject,
  pixels: tfjs.Tensor4D,
  classes: readonly number[],
  layer: NetworkLayer,
  method: GradientMethod,
): ScoredHeatmap[] {
  const { tf } = subject.backend;
  const chosen = chosenClasses(subject, classes);
  try {
    return readHeatmaps(tf.tidy(() => gradientProgram(subject, layer, method)([pixels, chosen])));
  } finally {
    chosen.dispose();
  }
}
