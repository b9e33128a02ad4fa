/** What the operations of one layer are written with. */
import type { AppError } from '../../contract/shared/errors.ts';
import type { NetworkLayer } from '../network/network.ts';
import type { OnnxGraph } from './onnx-graph.ts';

/** Numbers of a layer. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** One layer about to be written. Feature maps are channels first (`[batch, channels, height, width]`), as ONNX has them. */
export interface LayerSite {
  readonly graph: OnnxGraph;
  readonly layer: NetworkLayer;
  /** Its settings, as tfjs names them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the values it takes. */
  readonly inputs: readonly string[];
  /** Their shapes with channels last, as tfjs has them, the batch first. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
  /** A weight by what it is: `kernel`, `bias`, `gamma`, …; null where the layer has none. */
  weight(kind: string): Weight | null;
  /** The error for a variant of the layer that is not written. */
  readonly refuse: (variant: string) => AppError;
}

/** Adds the operations of a layer. @returns the name of its output. @throws AppError EXPORT_LAYER_UNSUPPORTED */
export type WriteLayer = (site: LayerSite) => string;

/** A weight that the layer must have. */
export function weightOf(site: LayerSite, kind: string): Weight {
  const weight = site.weight(kind);
  if (weight === null) throw site.refuse(`${site.layer.type} without ${kind}`);
  return weight;
}

/** The height and width of a feature map. @throws AppError EXPORT_LAYER_UNSUPPORTED where they are not fixed */
export function sidesOf(site: LayerSite): readonly [height: number, width: number] {
  const [, height, width] = site.inputShapes[0];
  if (typeof height === 'number' && typeof width === 'number') return [height, width];
  throw site.refuse(`${site.layer.type} for maps of any size`);
}

/** Two numbers, for height and width. */
export function pairOf(value: unknown): readonly [number, number] {
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number(value), Number(value)];
}

/** True for the shape of feature maps, the batch first; false for that of lists of numbers. */
export function isMap(shape: readonly unknown[]): boolean {
  return shape.length === 4;
}

/** An axis of a tensor with channels last, as the same axis of the tensor that is written. */
export function axisOf(axis: unknown, shape: readonly unknown[]): number {
  const place = Number(axis ?? -1);
  const positive = place < 0 ? place + shape.length : place;
  if (!isMap(shape) || positive === 0) return positive;
  return positive === 3 ? 1 : positive + 1;
}

/** A feature map with channels last again, e.g. before its numbers are put in a row. */
export function channelsLast(graph: OnnxGraph, name: string, value: string): string {
  return graph.add('Transpose', `${name}/channels_last`, [value], { perm: [0, 2, 3, 1] });
}

/** A feature map with channels first. */
export function channelsFirst(graph: OnnxGraph, name: string, value: string): string {
  return graph.add('Transpose', `${name}/channels_first`, [value], { perm: [0, 3, 1, 2] });
}
