/** What our layers share. Classes of layers are made for a given tfjs, which only the host knows. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';

/** A class that tfjs can make layers of, from their settings in camel case. */
export type LayerClass = tfjs.serialization.SerializableConstructor<tfjs.layers.Layer>;

/** Makes a class of layers. */
export type DefineLayer = (tf: Tf) => LayerClass;

export type Shape = (number | null)[];
/** The settings of a layer as they come from a file; what they may be stands with each class. */
export type Settings = Record<string, unknown>;

/** The one tensor of a layer's input. */
export function only(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}

/** The one shape of a layer's input. */
export function onlyShape(shape: Shape | Shape[]): Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as Shape);
}

/** A number of the settings, or another where it is not given. */
export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** One number, or one per channel. */
export function numbers(value: unknown, otherwise: number): number | number[] {
  return Array.isArray(value) ? value.map(Number) : numberOr(value, otherwise);
}
