/**
 * Real numbers as 8 bits, as LiteRT's specification has them (https://ai.google.dev/edge/litert/models/quantization_spec):
 * activations with a zero point, weights symmetric, one scale for each channel that comes out.
 */
import type { Quantization } from './litert-graph.ts';

/** The least and the greatest number that a value took. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

const [lowest, highest] = [-128, 127];
/** Weights leave −128 out, so that a product of two fits. */
const weightLimit = 127;
/** For what is always zero. */
const smallestScale = 1e-8;

const within = (value: number): number => Math.max(lowest, Math.min(highest, Math.round(value)));

/** How the numbers of a range are kept; zero, which padding is made of, is exact. */
export function activationQuantization({ least, greatest }: Range): Quantization {
  const [from, to] = [Math.min(0, least), Math.max(0, greatest)];
  const scale = Math.fround(Math.max(smallestScale, (to - from) / (highest - lowest)));
  return { scale: [scale], zeroPoint: [within(lowest - from / scale)], axis: 0 };
}

/** Weights as whole numbers. */
export interface QuantizedWeights {
  readonly values: Int8Array;
  readonly quantization: Quantization;
}

/** @param axis that of the channels that come out */
export function quantizeWeights(
  shape: readonly number[],
  values: Float32Array,
  axis: number,
): QuantizedWeights {
  const channels = shape[axis];
  const inner = shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const channelOf = (at: number): number => Math.floor(at / inner) % channels;
  const largest = new Float64Array(channels);
  for (const [at, value] of values.entries())
    largest[channelOf(at)] = Math.max(largest[channelOf(at)], Math.abs(value));
  const scale = Array.from(largest, (most) => Math.fround(Math.max(smallestScale, most / weightLimit)));
  return {
    values: Int8Array.from(values, (value, at) =>
      Math.max(-weightLimit, Math.min(weightLimit, Math.round(value / scale[channelOf(at)]))),
    ),
    quantization: { scale, zeroPoint: scale.map(() => 0), axis },
  };
}

/** Numbers as an activation is kept. */
export function quantizeAs(
  { scale: [scale], zeroPoint: [zero] }: Quantization,
  values: Float32Array,
): Int8Array {
  return Int8Array.from(values, (value) => within(value / scale + zero));
}

/** What is added to the products of an input and weights, in their common scale, with 32 bits. */
export function quantizeBias(
  values: Float32Array,
  input: Quantization,
  weights: Quantization,
): { readonly values: Int32Array; readonly quantization: Quantization } {
  const scale = weights.scale.map((one) => Math.fround(one * input.scale[0]));
  const limit = 2 ** 31 - 1;
  return {
    values: Int32Array.from(values, (value, at) =>
      Math.max(-limit, Math.min(limit, Math.round(value / scale[at]))),
    ),
    quantization: { scale, zeroPoint: scale.map(() => 0), axis: 0 },
  };
}
