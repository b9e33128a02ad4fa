/** Layers that make maps smaller, larger, or a list. */
import { channelsFirst, channelsLast, isMap, pairOf, sidesOf } from './layer-writer.ts';
import type { LayerSite, WriteLayer } from './layer-writer.ts';
import { paddingOf } from './write-convolution.ts';

/** The largest or the mean of each window; zeros at the sides do not count. */
export const writePooling: (operation: 'MaxPool' | 'AveragePool') => WriteLayer = (operation) => (site) => {
  const { graph, layer, config, inputs } = site;
  const pool = pairOf(config.poolSize);
  const windows = {
    kernel_shape: pool,
    strides: pairOf(config.strides ?? pool),
    pads: paddingOf(site, pool),
  };
  return graph.add(operation, layer.name, inputs, windows);
};

/** The largest or the mean of each channel. */
export const writeGlobalPooling: (operation: 'GlobalMaxPool' | 'GlobalAveragePool') => WriteLayer =
  (operation) =>
  ({ graph, layer, inputs }) => {
    if (isMap(layer.outputShape)) return graph.add(operation, layer.name, inputs);
    const pooled = graph.add(operation, `${layer.name}/pooled`, inputs);
    return graph.add('Flatten', layer.name, [pooled], { axis: 1 });
  };

/** The numbers of a map in a row, channels last as TensorFlow puts them. */
export const writeFlatten: WriteLayer = ({ graph, layer, inputs: [value], inputShapes: [shape] }) => {
  const ordered = isMap(shape) ? channelsLast(graph, layer.name, value) : value;
  return graph.add('Flatten', layer.name, [ordered], { axis: 1 });
};

/** Another shape for the same numbers. */
export const writeReshape: WriteLayer = ({ graph, layer, inputs: [value], inputShapes: [shape], refuse }) => {
  const { name, outputShape } = layer;
  const sides = outputShape.slice(1);
  if (sides.some((side) => side === null)) throw refuse('Reshape to any size');
  const ordered = isMap(shape) ? channelsLast(graph, name, value) : value;
  const target = graph.integers(`${name}/shape`, [0, ...(sides as number[])]);
  if (!isMap(outputShape)) return graph.add('Reshape', name, [ordered, target]);
  return channelsFirst(graph, name, graph.add('Reshape', `${name}/reshaped`, [ordered, target]));
};

/** Zeros around a map. */
export const writeZeroPadding: WriteLayer = ({ graph, layer, config, inputs: [value] }) => {
  const [vertical, horizontal] = Array.isArray(config.padding)
    ? config.padding.map(pairOf)
    : [pairOf(config.padding), pairOf(config.padding)];
  const [[top, bottom], [left, right]] = [vertical, horizontal];
  const pads = graph.integers(`${layer.name}/pads`, [0, 0, top, left, 0, 0, bottom, right]);
  return graph.add('Pad', layer.name, [value, pads], { mode: 'constant' });
};

/** By how much a side becomes another, as a float32 whose product with the side is not below it: it is rounded down. */
function scaleTo(target: number, side: number): number {
  const scale = Math.fround(target / side);
  return Math.floor(scale * side) === target ? scale : Math.fround(scale * (1 + 2 ** -22));
}

/** A map of another size, the centres of pixels matched as TensorFlow 2 does it. */
export const writeResizing: WriteLayer = (site) => {
  const { graph, layer, config, inputs } = site;
  const [height, width] = sidesOf(site);
  const [, targetHeight, targetWidth] = layer.outputShape;
  const scales = [1, 1, scaleTo(targetHeight!, height), scaleTo(targetWidth!, width)];
  const nearest = config.interpolation === 'nearest';
  const { name } = layer;
  return graph.add(
    'Resize',
    name,
    [inputs[0], '', graph.constant(`${name}/scales`, [4], Float32Array.from(scales))],
    nearest
      ? { mode: 'nearest', coordinate_transformation_mode: 'half_pixel', nearest_mode: 'round_prefer_ceil' }
      : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  );
};

/** Layers that do something in training alone. */
export const leaveOut: WriteLayer = ({ inputs }: LayerSite) => inputs[0];
