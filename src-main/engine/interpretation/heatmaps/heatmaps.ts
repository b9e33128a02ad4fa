/** The heatmap of one photo, by any method. */
import type * as tfjs from '@tensorflow/tfjs';
import { greatest, probabilities, requireClass } from './class-score.ts';
import { gradientHeatmaps } from './gradient-heatmaps.ts';
import type { HeatmapMaker, PlainHeatmap } from './heatmap-method.ts';
import { chooseHeatmapLayer } from '../layer-choice.ts';
import type { NetworkLayer } from '../../network/network.ts';
import { type Subject, type Work, toInput } from '../subject.ts';

/** What a heatmap is wanted of. */
export interface HeatmapOptions {
  readonly method: HeatmapMaker;
  /** Null: chosen. Not heeded by methods that need none. */
  readonly layer: string | null;
  /** Null: the predicted one. */
  readonly class: number | null;
}

/** A heatmap with its layer, class and probabilities. */
export interface PhotoHeatmap extends PlainHeatmap {
  readonly layer: NetworkLayer | null;
  readonly class: number;
  readonly probabilities: Float32Array;
}

/** The predictions for photos: `[count · classes]` probabilities. */
export function predictionsOf(subject: Subject, pixels: tfjs.Tensor4D): Float32Array {
  const { tf } = subject.backend;
  return tf.tidy(() => {
    const walk = subject.network.walk(toInput(subject, pixels));
    return Float32Array.from(probabilities(tf, subject.network, walk).dataSync());
  });
}

/**
 * The heatmap of one photo.
 * @param pixels `[1, size, size, channels]`, 0–255
 * @throws AppError MODEL_LAYER_UNKNOWN, MODEL_LAYER_UNSUITABLE, MODEL_NO_CONVOLUTION, MODEL_CLASS_UNKNOWN, CANCELLED
 */
export async function heatmapOf(
  subject: Subject,
  pixels: tfjs.Tensor4D,
  options: HeatmapOptions,
  work: Work,
): Promise<PhotoHeatmap> {
  const { method } = options;
  const layer = method.kind === 'gradient' ? chooseHeatmapLayer(subject.network, options.layer) : null;
  if (options.class !== null) requireClass(options.class, subject.classes);
  const predicted = predictionsOf(subject, pixels);
  const wanted = options.class ?? greatest(predicted);
  const about = { layer, class: wanted, probabilities: predicted };
  if (method.kind === 'probing')
    return { ...(await method.explain(subject, pixels, wanted, work)), ...about };
  const [heatmap] = gradientHeatmaps(subject, pixels, [wanted], layer!, method);
  return { ...heatmap, ...about };
}
