/** What all ways to make a class activation heatmap have in common. */
import type * as tfjs from '@tensorflow/tfjs';
import type { EmptyReason, HeatmapMethod } from '../../../contract/app/explain/heatmaps.ts';
import type { Tf } from '../../base/backend.ts';
import type { Subject, Work } from '../subject.ts';

/** A heatmap of one photo, `height × width` numbers from 0 to 1, row by row. */
export interface PlainHeatmap {
  readonly height: number;
  readonly width: number;
  readonly map: Float32Array;
  /** Why there is nothing to see; null when there is. */
  readonly empty: EmptyReason | null;
}

/** A way to make heatmaps from the gradient of a class with respect to a layer's output. */
export interface GradientMethod {
  readonly id: HeatmapMethod;
  readonly kind: 'gradient';
  readonly label: string;
  readonly description: string;
  /** What is derived: the class's probability, or its score before softmax or sigmoid. */
  readonly derives: 'probability' | 'score';
  /**
   * The map before it is rectified. Part of traced programs.
   * @param outputs the layer's, `[batch, height, width, channels]`
   * @param gradients of the same shape
   * @returns `[batch, height, width]`
   */
  map(tf: Tf, outputs: tfjs.Tensor4D, gradients: tfjs.Tensor4D): tfjs.Tensor3D;
}

/** A way to make heatmaps by changing the photo and asking again. */
export interface ProbingMethod {
  readonly id: HeatmapMethod;
  readonly kind: 'probing';
  readonly label: string;
  readonly description: string;
  /** The heatmap of one photo. @throws AppError CANCELLED */
  explain(subject: Subject, pixels: tfjs.Tensor4D, wanted: number, work: Work): Promise<PlainHeatmap>;
}

export type HeatmapMaker = GradientMethod | ProbingMethod;

/**
 * Rectified and divided by its maximum, as in the lesson.
 * @param raw may be negative
 * @param why what it means when nothing is above 0
 */
export function normaliseMap(
  raw: Float32Array,
  height: number,
  width: number,
  why: () => EmptyReason,
): PlainHeatmap {
  const most = raw.reduce((top, value) => Math.max(top, value), 0);
  const map = raw.map((value) => (most > 0 ? Math.max(value, 0) / most : 0));
  return { height, width, map, empty: most > 0 ? null : why() };
}
