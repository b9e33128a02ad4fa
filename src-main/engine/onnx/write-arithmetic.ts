/** Normalisation, scaling, and arithmetic on several maps. */
import { type LayerSite, type WriteLayer, axisOf, isMap, weightOf } from './layer-writer.ts';

/** Keras' smallest deviation. */
const epsilon = 1e-7;

/** One number for each channel, in the shape that fits a value. */
function perChannel(site: LayerSite, kind: string, values: ArrayLike<number>): string {
  const { graph, layer, inputShapes } = site;
  const sides = isMap(inputShapes[0]) && values.length > 1 ? [values.length, 1, 1] : [values.length];
  return graph.constant(`${layer.name}/${kind}`, sides, Float32Array.from(values));
}

/** Batch normalisation with the averages that training left. */
export const writeBatchNormalization: WriteLayer = (site) => {
  const { graph, layer, config, inputs, inputShapes } = site;
  if (axisOf(config.axis, inputShapes[0]) !== 1) throw site.refuse('BatchNormalization along another axis');
  const mean = weightOf(site, 'moving_mean');
  const ones = { shape: mean.shape, values: new Float32Array(mean.values.length).fill(1) };
  const zeros = { shape: mean.shape, values: new Float32Array(mean.values.length) };
  const named = [
    ['gamma', site.weight('gamma') ?? ones],
    ['beta', site.weight('beta') ?? zeros],
    ['moving_mean', mean],
    ['moving_variance', weightOf(site, 'moving_variance')],
  ] as const;
  const statistics = named.map(([kind, { shape, values }]) =>
    graph.constant(`${layer.name}/${kind}`, shape, values),
  );
  return graph.add('BatchNormalization', layer.name, [inputs[0], ...statistics], {
    epsilon: { float: Number(config.epsilon ?? 1e-3) },
  });
};

/** x · scale + offset. */
export const writeRescaling: WriteLayer = (site) => {
  const { graph, layer, config, inputs } = site;
  const scale = perChannel(site, 'scale', [config.scale ?? 1].flat() as number[]);
  const offset = perChannel(site, 'offset', [config.offset ?? 0].flat() as number[]);
  return graph.add('Add', layer.name, [graph.add('Mul', `${layer.name}/scaled`, [inputs[0], scale]), offset]);
};

/** (x − mean) / deviation, with numbers from its settings or its weights. */
export const writeNormalization: WriteLayer = (site) => {
  const { graph, layer, config, inputs } = site;
  if (config.invert === true) throw site.refuse('Normalization that is inverted');
  const given = (setting: unknown, kind: string): number[] =>
    setting === null || setting === undefined
      ? Array.from(weightOf(site, kind).values)
      : ([setting].flat(3) as number[]);
  const mean = perChannel(site, 'mean', given(config.mean, 'mean'));
  const variance = given(config.variance, 'variance');
  const deviation = perChannel(
    site,
    'deviation',
    variance.map((value) => Math.max(Math.sqrt(value), epsilon)),
  );
  const centred = graph.add('Sub', `${layer.name}/centred`, [inputs[0], mean]);
  return graph.add('Div', layer.name, [centred, deviation]);
};

/** Sums, products, … of several values of one shape, or of a map and one number per channel. */
export const writeMerge: (operation: 'Add' | 'Sub' | 'Mul' | 'Max' | 'Min') => WriteLayer =
  (operation) =>
  ({ graph, layer, inputs, inputShapes, refuse }) => {
    if (inputShapes.some((shape) => shape.length !== inputShapes[0].length))
      throw refuse(`${layer.type} of values with different numbers of axes`);
    const [first, ...others] = inputs;
    return others.reduce(
      (sum, next, index) =>
        graph.add(operation, index === others.length - 1 ? layer.name : `${layer.name}/part`, [sum, next]),
      first,
    );
  };

/** The mean of several values. */
export const writeAverage: WriteLayer = ({ graph, layer, inputs }) => graph.add('Mean', layer.name, inputs);

/** Several values side by side. */
export const writeConcatenate: WriteLayer = ({ graph, layer, config, inputs, inputShapes }) =>
  graph.add('Concat', layer.name, inputs, { axis: axisOf(config.axis, inputShapes[0]) });
