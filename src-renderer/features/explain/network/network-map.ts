/** How a network is drawn layer by layer, and what each layer's formulas say. */
import type { LayerRow, MapLayer } from '../../../../src-main/contract/app/index.ts';
import { count } from '../../../shared/text/format.ts';
import { convParameters } from '../lab/receptive-field.ts';
import { networkMapText } from './text.ts';

/** A layer of a run, a model file or a recipe; fields that a recipe's table lacks are missing. */
export type DrawnLayer = LayerRow & Partial<Omit<MapLayer, keyof LayerRow>>;

/** Height × width × channels, as text. */
export function shapeText(shape: readonly (number | null)[]): string {
  return shape
    .filter((side) => side !== null)
    .map(count)
    .join(' × ');
}

/** Which way a layer is drawn. */
export type LayerLook = 'convolution' | 'dense' | 'pooling' | 'other';

/** The look of a layer by its type. */
export function lookOf(type: string): LayerLook {
  if (/Conv/.test(type)) return 'convolution';
  if (type === 'Dense') return 'dense';
  return /Pool/.test(type) ? 'pooling' : 'other';
}

/** A layer as a block of the drawing. */
export interface LayerBlock {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How far the block goes back, for maps; 0 for rows of values. */
  readonly depth: number;
  readonly look: LayerLook;
}

/** Height of the tallest block, and the line that all are centred on. */
export const mapHeight = 150;

/**
 * Places blocks side by side: height for the side of the map (by its root), width for channels (by their logarithm).
 */
export function placeBlocks(layers: readonly DrawnLayer[], inputSide: number): LayerBlock[] {
  const many = layers.length > 24;
  const [unit, gap, slant] = many ? [1, 3, 0.07] : [4.5, 18, 0.28];
  const shapes = layers.map(({ outputShape }) => outputShape.filter((side) => side !== null));
  // Every layer's name needs its room below while there are few of them.
  const least = layers.length <= 12 ? 64 : 0;
  let x = 4;
  return layers.map((layer, i) => {
    const shape = shapes[i];
    const channels = shape.at(-1) ?? 1;
    const flat = shape.length === 1;
    const height = flat
      ? Math.min(mapHeight, 10 + 12 * Math.log2(channels + 1))
      : Math.max(9, mapHeight * Math.sqrt(Math.min(1, shape[0] / inputSide)));
    const width = flat ? (many ? 5 : 9) : Math.max(4, unit * Math.log2(channels + 1));
    const depth = flat ? 0 : height * slant;
    const block = { x, y: (mapHeight - height) / 2, width, height, depth, look: lookOf(layer.type) };
    x += Math.max(width + depth + gap, least + gap);
    return block;
  });
}

/** Layers of a deep network whose maps have one size, side by side. */
export interface SizeSpan {
  readonly text: string;
  /** The span in the drawing. */
  readonly x: number;
  readonly to: number;
}

/** Where the maps of a deep network have which size; spans too narrow for their text are left out. */
export function sizeSpans(layers: readonly DrawnLayer[], blocks: readonly LayerBlock[]): SizeSpan[] {
  const spans: SizeSpan[] = [];
  layers.forEach(({ outputShape }, i) => {
    const shape = outputShape.filter((side) => side !== null);
    const text = shape.length === 3 ? `${shape[0]}×${shape[1]}` : '';
    const { x, width, depth } = blocks[i];
    const last = spans.at(-1);
    if (last?.text === text) spans[spans.length - 1] = { ...last, to: x + width + depth };
    else spans.push({ text, x, to: x + width + depth });
  });
  return spans.filter(({ text, x, to }) => text !== '' && to - x >= 9 * text.length);
}

/** The filter of a layer: height, width and input channels; null for layers without. */
export function kernelOf(
  layer: DrawnLayer,
  before: DrawnLayer | undefined,
  inputChannels: number,
): readonly [number, number, number] | null {
  if (layer.kernel) return layer.kernel;
  if (layer.type !== 'Conv2D' || layer.kernel === null) return null;
  // A recipe's table holds no filter sizes; with its channels and parameters only one square one fits.
  const channels = before?.outputShape.at(-1) ?? inputChannels;
  const filters = layer.outputShape.at(-1) ?? 0;
  for (const side of [1, 3, 5, 7, 11]) {
    const parameters = convParameters(side, channels, filters);
    if (layer.params === parameters || layer.params === parameters - filters) return [side, side, channels];
  }
  return null;
}

/** What a layer's cost is made of. */
export interface LayerCost {
  readonly formula: string;
  /** With the layer's numbers, for one image. */
  readonly filled: string;
  readonly result: number;
  /** Parameters, with their own formula. */
  readonly parameters: string;
}

/** The lesson's formulas with a layer's numbers; null for layers that multiply nothing of note. */
export function costOf(
  layer: DrawnLayer,
  kernel: readonly [number, number, number] | null,
): LayerCost | null {
  const shape = layer.outputShape.filter((side) => side !== null);
  const outputs = shape.at(-1) ?? 0;
  if (kernel !== null && shape.length === 3) {
    const [height, width, channels] = kernel;
    const bias = layer.params - height * width * channels * outputs;
    return {
      formula: networkMapText.filtersOutputHeightOutput,
      filled: `${count(outputs)} · ${shape[0]} · ${shape[1]} · (${height} · ${width} · ${channels})`,
      result: outputs * shape[0] * shape[1] * height * width * channels,
      parameters: `${height} · ${width} · ${channels} · ${count(outputs)}${bias > 0 ? ` + ${count(bias)}` : ''} = ${count(layer.params)}`,
    };
  }
  if (layer.type === 'Dense' && outputs > 0) {
    const bias = layer.params % outputs === 0 ? outputs : 0;
    const inputs = Math.floor((layer.params - bias) / outputs);
    return {
      formula: networkMapText.outputsInputs,
      filled: `${count(outputs)} · ${count(inputs)}`,
      result: outputs * inputs,
      parameters: `${count(inputs)} · ${count(outputs)} + ${count(outputs)} = ${count(layer.params)}`,
    };
  }
  return null;
}
