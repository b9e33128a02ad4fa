/** Layers of ConvNeXt: normalisation of each place, scaling of each channel. */
import { type LayerSite, type WriteLayer, axisOf, isMap, weightOf } from './layer-writer.ts';

/** One number for each channel, in the shape that fits a value. */
function perChannel(
  { graph, layer, inputShapes: [shape] }: LayerSite,
  kind: string,
  values: Float32Array,
): string {
  const sides = isMap(shape) ? [values.length, 1, 1] : [values.length];
  return graph.constant(`${layer.name}/${kind}`, sides, values);
}

/** x · gamma. */
export const writeLayerScale: WriteLayer = (site) => {
  const gamma = perChannel(site, 'gamma', weightOf(site, 'gamma').values);
  return site.graph.add('Mul', site.layer.name, [site.inputs[0], gamma]);
};

/** (x − mean) / √(variance + epsilon) · gamma + beta, of the channels of each place. */
export const writeLayerNormalization: WriteLayer = (site) => {
  const { graph, layer, config, inputs, inputShapes, refuse } = site;
  const { name } = layer;
  const [shape] = inputShapes;
  const placed = [config.axis ?? -1].flat();
  const axis = axisOf(placed[0], shape);
  if (placed.length > 1 || axis !== axisOf(-1, shape)) throw refuse('LayerNormalization along another axis');
  const mean = (of: string, value: string): string =>
    graph.add('ReduceMean', `${name}/${of}`, [value], { axes: [axis], keepdims: 1 });
  const centred = graph.add('Sub', `${name}/centred`, [inputs[0], mean('mean', inputs[0])]);
  const variance = mean('variance', graph.add('Mul', `${name}/squared`, [centred, centred]));
  const epsilon = graph.number(`${name}/epsilon`, Number(config.epsilon ?? 1e-3));
  const deviation = graph.add('Sqrt', `${name}/deviation`, [
    graph.add('Add', `${name}/sum`, [variance, epsilon]),
  ]);
  let value = graph.add('Div', `${name}/normalised`, [centred, deviation]);
  for (const [kind, operation] of [
    ['gamma', 'Mul'],
    ['beta', 'Add'],
  ] as const) {
    const weight = site.weight(kind);
    if (weight === null) continue;
    value = graph.add(operation, `${name}/${kind}_applied`, [value, perChannel(site, kind, weight.values)]);
  }
  return value;
};
