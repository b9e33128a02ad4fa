/**
 * What one unit of each layer sees of the network's input.
 * @see Araujo, Norris, Sim: Computing Receptive Fields of Convolutional Neural Networks, Distill 2019,
 *   https://distill.pub/2019/computing-receptive-fields (sizes and strides as there, eq. 2–4; begin in place of padding)
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { ModelSummary, ReceptiveField } from '../../contract/app/model-summary.ts';
import { Network, type NetworkLayer, type Shape } from './network.ts';

type Field = Exclude<ReceptiveField, 'all'>;
type Pair = [number, number];

/** How far a window reaches along one axis. */
interface Window {
  readonly size: number;
  readonly stride: number;
  /** Places before the first input. */
  readonly before: number;
}

const ofInput: Field = { size: [1, 1], stride: [1, 1], start: [0, 0] };
const windowed = new Set([
  'Conv2D',
  'DepthwiseConv2D',
  'SeparableConv2D',
  'MaxPooling2D',
  'AveragePooling2D',
]);

function pairOf(value: unknown, otherwise: Pair): Pair {
  if (typeof value === 'number') return [value, value];
  return Array.isArray(value) ? [Number(value[0]), Number(value[1] ?? value[0])] : otherwise;
}

/** A window along one axis; with padding `same` its place depends on the length of the axis. */
function windowOf(config: Record<string, unknown>, axis: 0 | 1, input: Shape): Window {
  const pool = pairOf(config.poolSize, [1, 1]);
  const kernel = pairOf(config.kernelSize, pool)[axis];
  const dilation = pairOf(config.dilationRate, [1, 1])[axis];
  const stride = pairOf(config.strides, pool)[axis];
  const size = (kernel - 1) * dilation + 1;
  if (config.padding !== 'same') return { size, stride, before: 0 };
  const length = input[axis + 1] ?? stride;
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
  return { size, stride, before: Math.floor(total / 2) };
}

function slide(field: Field, windows: readonly [Window, Window]): Field {
  const along = (axis: 0 | 1): { size: number; stride: number; start: number } => {
    const { size, stride, before } = windows[axis];
    return {
      size: field.size[axis] + (size - 1) * field.stride[axis],
      stride: field.stride[axis] * stride,
      start: field.start[axis] - before * field.stride[axis],
    };
  };
  const [down, across] = [along(0), along(1)];
  return {
    size: [down.size, across.size],
    stride: [down.stride, across.stride],
    start: [down.start, across.start],
  };
}

function shift(field: Field, by: Pair): Field {
  const start: Pair = [field.start[0] - by[0] * field.stride[0], field.start[1] - by[1] * field.stride[1]];
  return { ...field, start };
}

/** What is seen by a unit that sees what several others see. Null when these step differently. */
function together(fields: readonly Field[]): Field | null {
  return fields.reduce<Field | null>((sum, field) => {
    if (sum === null || sum.stride.some((stride, axis) => stride !== field.stride[axis])) return null;
    const start = sum.start.map((value, axis) => Math.min(value, field.start[axis])) as Pair;
    const end = (one: Field, axis: number): number => one.start[axis] + one.size[axis];
    const size = start.map((value, axis) => Math.max(end(sum, axis), end(field, axis)) - value) as Pair;
    return { size, stride: sum.stride, start };
  }, fields[0]);
}

/** Rows and columns that a padding (or cropping) layer adds (takes) at the top and the left. */
function edges(value: unknown): Pair {
  if (!Array.isArray(value)) return pairOf(value, [0, 0]);
  const [down, across] = value as (number | number[])[];
  return [Array.isArray(down) ? down[0] : down, Array.isArray(across) ? across[0] : across];
}

function seenBy(layer: NetworkLayer, inputs: readonly (ReceptiveField | null)[]): ReceptiveField | null {
  if (layer.outputShape.length !== 4 || inputs.includes('all')) return 'all';
  if (inputs.includes(null)) return null;
  const field = together(inputs as Field[]);
  if (field === null) return null;
  const config = layer.layer.getConfig() as Record<string, unknown>;
  if (windowed.has(layer.type)) {
    return slide(field, [windowOf(config, 0, layer.inputShape), windowOf(config, 1, layer.inputShape)]);
  }
  if (layer.type === 'ZeroPadding2D') return shift(field, edges(config.padding));
  if (layer.type === 'Cropping2D') {
    const [top, left] = edges(config.cropping);
    return shift(field, [-top, -left]);
  }
  const sameSides = [1, 2].every((axis) => layer.inputShape[axis] === layer.outputShape[axis]);
  return sameSides && layer.inputShape.length === 4 ? field : null;
}

/**
 * The receptive field of every layer. `all` from the first layer on that sees the whole picture (flattening, global
 * pooling, dense); null where it is unknown.
 */
export function receptiveFields(layers: readonly NetworkLayer[]): Map<NetworkLayer, ReceptiveField | null> {
  const fields = new Map<NetworkLayer, ReceptiveField | null>();
  for (const layer of layers) {
    const inputs = layer.inputs.map((input) => fields.get(input) ?? null);
    fields.set(layer, seenBy(layer, inputs.length === 0 ? [ofInput] : inputs));
  }
  return fields;
}

/** A layer table with what each layer sees; a network used as a layer sees what its last layer does. */
export function withReceptiveFields(summary: ModelSummary, model: tfjs.LayersModel): ModelSummary {
  const { layers } = new Network(model);
  const fields = receptiveFields(layers);
  const byName = new Map<string, ReceptiveField | null>();
  for (const layer of layers) {
    const field = fields.get(layer) ?? null;
    if (layer.within !== null) byName.set(layer.within, field);
    byName.set(layer.layer.name, field);
  }
  const rows = summary.layers.map((row) => ({ ...row, receptiveField: byName.get(row.name) ?? null }));
  return { ...summary, layers: rows };
}
