/** Convolutions and dense layers. */
import { activate } from './write-activation.ts';
import {
  type LayerSite,
  type Weight,
  type WriteLayer,
  isMap,
  pairOf,
  sidesOf,
  weightOf,
} from './layer-writer.ts';

/**
 * Zeros at the four sides, as TensorFlow adds them for `same`: as many as let the last place fit, the odd one after.
 * @returns top, left, bottom, right
 * @see https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 */
export function samePadding(
  sides: readonly [number, number],
  kernel: readonly [number, number],
  strides: readonly [number, number],
  dilation: readonly [number, number] = [1, 1],
): number[] {
  const [vertical, horizontal] = sides.map((side, axis) => {
    const reach = (kernel[axis] - 1) * dilation[axis] + 1;
    const all = Math.max(0, (Math.ceil(side / strides[axis]) - 1) * strides[axis] + reach - side);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  });
  return [vertical[0], horizontal[0], vertical[1], horizontal[1]];
}

/** Zeros at the four sides of a layer that slides over a map. */
export function paddingOf(site: LayerSite, kernel: readonly [number, number]): number[] {
  const { padding = 'valid', strides, dilationRate = 1 } = site.config;
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding !== 'same') throw site.refuse(`${site.layer.type} with ${JSON.stringify(padding)} padding`);
  return samePadding(sidesOf(site), kernel, pairOf(strides), pairOf(dilationRate));
}

/**
 * A kernel of TensorFlow in the order of ONNX.
 * @param kernel `[height, width, in, out]`
 * @returns `[out, in, height, width]`
 */
function outputsFirst({ shape: [height, width, inside, outside], values }: Weight): Float32Array {
  const ordered = new Float32Array(values.length);
  let to = 0;
  for (let o = 0; o < outside; o++)
    for (let i = 0; i < inside; i++)
      for (let place = 0; place < height * width; place++)
        ordered[to++] = values[(place * inside + i) * outside + o];
  return ordered;
}

/**
 * The kernel of a depthwise convolution in the order of ONNX.
 * @param kernel `[height, width, channels, multiplier]`
 * @returns `[channels · multiplier, 1, height, width]`
 */
function channelsOneByOne({ shape: [height, width, channels, multiplier], values }: Weight): Float32Array {
  const outputs = channels * multiplier;
  return outputsFirst({ shape: [height, width, 1, outputs], values });
}

interface Slide {
  readonly name: string;
  readonly value: string;
  readonly shape: readonly number[];
  readonly kernel: Float32Array;
  readonly bias: Weight | null;
  readonly group: number;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly number[];
}

function slide({ graph }: LayerSite, { name, value, shape, kernel, bias, ...settings }: Slide): string {
  const inputs = [value, graph.constant(`${name}/kernel`, shape, kernel)];
  if (bias !== null) inputs.push(graph.constant(`${name}/bias`, bias.shape, bias.values));
  const { group, strides, dilations, pads } = settings;
  return graph.add('Conv', name, inputs, {
    group,
    kernel_shape: shape.slice(2),
    strides,
    dilations,
    pads,
  });
}

/** A convolution. */
export const writeConvolution: WriteLayer = (site) => {
  const { layer, config, inputs } = site;
  const kernel = weightOf(site, 'kernel');
  const [height, width, inside, outside] = kernel.shape;
  const convolved = slide(site, {
    name: layer.name,
    value: inputs[0],
    shape: [outside, inside, height, width],
    kernel: outputsFirst(kernel),
    bias: site.weight('bias'),
    group: Number(config.groups ?? 1),
    strides: pairOf(config.strides),
    dilations: pairOf(config.dilationRate ?? 1),
    pads: paddingOf(site, [height, width]),
  });
  return activate(site, convolved, layer.outputShape);
};

function depthwise(site: LayerSite, name: string, bias: Weight | null): string {
  const { config, inputs } = site;
  const kernel = weightOf(site, 'depthwise_kernel');
  const [height, width, channels, multiplier] = kernel.shape;
  return slide(site, {
    name,
    value: inputs[0],
    shape: [channels * multiplier, 1, height, width],
    kernel: channelsOneByOne(kernel),
    bias,
    group: channels,
    strides: pairOf(config.strides),
    dilations: pairOf(config.dilationRate ?? 1),
    pads: paddingOf(site, [height, width]),
  });
}

/** A convolution of each channel by itself. */
export const writeDepthwise: WriteLayer = (site) =>
  activate(site, depthwise(site, site.layer.name, site.weight('bias')), site.layer.outputShape);

/** A convolution of each channel by itself, then one across them. */
export const writeSeparable: WriteLayer = (site) => {
  const { layer } = site;
  const pointwise = weightOf(site, 'pointwise_kernel');
  const [, , inside, outside] = pointwise.shape;
  const mixed = slide(site, {
    name: layer.name,
    value: depthwise(site, `${layer.name}/depthwise`, null),
    shape: [outside, inside, 1, 1],
    kernel: outputsFirst(pointwise),
    bias: site.weight('bias'),
    group: 1,
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  });
  return activate(site, mixed, layer.outputShape);
};

/** A dense layer of each place of a feature map: a convolution of 1×1. */
function writeDenseOfMap(site: LayerSite): string {
  const { layer, inputs } = site;
  const kernel = weightOf(site, 'kernel');
  const [inside, outside] = kernel.shape;
  const product = slide(site, {
    name: layer.name,
    value: inputs[0],
    shape: [outside, inside, 1, 1],
    kernel: outputsFirst({ shape: [1, 1, inside, outside], values: kernel.values }),
    bias: site.weight('bias'),
    group: 1,
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  });
  return activate(site, product, layer.outputShape);
}

/** A dense layer. */
export const writeDense: WriteLayer = (site) => {
  const { graph, layer, inputs, inputShapes } = site;
  if (isMap(inputShapes[0])) return writeDenseOfMap(site);
  const kernel = weightOf(site, 'kernel');
  const bias = site.weight('bias');
  const { name } = layer;
  const factors = [inputs[0], graph.constant(`${name}/kernel`, kernel.shape, kernel.values)];
  const product = graph.add('MatMul', bias === null ? name : `${name}/product`, factors);
  if (bias === null) return activate(site, product, layer.outputShape);
  const added = graph.constant(`${name}/bias`, bias.shape, bias.values);
  return activate(site, graph.add('Add', name, [product, added]), layer.outputShape);
};
