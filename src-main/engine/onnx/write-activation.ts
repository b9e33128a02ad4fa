/** Activations, as layers of their own and at the end of others. */
import type { AppError } from '../../contract/shared/errors.ts';
import { type LayerSite, type WriteLayer, axisOf, isMap } from './layer-writer.ts';
import type { OnnxGraph } from './onnx-graph.ts';

/** Adds an activation. @returns the name of its output */
type WriteActivation = (graph: OnnxGraph, name: string, value: string) => string;

function one(operation: string): WriteActivation {
  return (graph, name, value) => graph.add(operation, name, [value]);
}

const hardSigmoid: (slope: number) => WriteActivation = (slope) => (graph, name, value) =>
  graph.add('HardSigmoid', name, [value], { alpha: { float: slope }, beta: { float: 0.5 } });

function clip(graph: OnnxGraph, name: string, value: string, lowest: number, highest: number): string {
  const ends = [graph.number(`${name}/lowest`, lowest), graph.number(`${name}/highest`, highest)];
  return graph.add('Clip', name, [value, ...ends]);
}

/** By the names of tfjs. */
const activations: Readonly<Record<string, WriteActivation>> = {
  linear: (_, __, value) => value,
  relu: one('Relu'),
  relu6: (graph, name, value) => clip(graph, name, value, 0, 6),
  sigmoid: one('Sigmoid'),
  tanh: one('Tanh'),
  elu: one('Elu'),
  selu: one('Selu'),
  softplus: one('Softplus'),
  softsign: one('Softsign'),
  exponential: one('Exp'),
  hardSigmoid: hardSigmoid(0.2),
  hardSigmoid6: hardSigmoid(1 / 6),
  hardTanh: (graph, name, value) => clip(graph, name, value, -1, 1),
  // x/2 · (1 + erf(x/√2))
  gelu: (graph, name, value) => {
    const root = graph.number(`${name}/root`, Math.SQRT1_2);
    const bell = graph.add('Erf', `${name}/bell`, [graph.add('Mul', `${name}/scaled`, [value, root])]);
    const gate = graph.add('Add', `${name}/gate`, [bell, graph.number(`${name}/one`, 1)]);
    const half = graph.add('Mul', `${name}/half`, [value, graph.number(`${name}/factor`, 0.5)]);
    return graph.add('Mul', name, [half, gate]);
  },
  leakyRelu: (graph, name, value) => graph.add('LeakyRelu', name, [value], { alpha: { float: 0.2 } }),
  swish: (graph, name, value) =>
    graph.add('Mul', name, [value, graph.add('Sigmoid', `${name}/sigmoid`, [value])]),
  hardSilu: (graph, name, value) =>
    graph.add('Mul', name, [value, hardSigmoid(1 / 6)(graph, `${name}/gate`, value)]),
};

/**
 * Adds the activation that a layer ends with.
 * @param shape of the value, with channels last
 * @throws AppError EXPORT_LAYER_UNSUPPORTED for one that ONNX has not
 */
export function activate(site: LayerSite, value: string, shape: readonly unknown[]): string {
  const { graph, layer, config } = site;
  const activation = config.activation ?? 'linear';
  if (typeof activation !== 'string') throw unknown(site, 'of another kind');
  const name = layer.type === 'Activation' ? layer.name : `${layer.name}/${activation}`;
  if (activation === 'softmax' || activation === 'logSoftmax') {
    const axis = isMap(shape) ? 1 : shape.length - 1;
    return graph.add(activation === 'softmax' ? 'Softmax' : 'LogSoftmax', name, [value], { axis });
  }
  const write = activations[activation];
  if (write === undefined) throw unknown(site, activation);
  return write(graph, name, value);
}

function unknown({ layer, refuse }: LayerSite, activation: string): AppError {
  return refuse(`${layer.type} with the activation ${activation}`);
}

/** A layer that is an activation. */
export const writeActivation: WriteLayer = (site) => activate(site, site.inputs[0], site.layer.outputShape);

/** Softmax along one axis. */
export const writeSoftmax: WriteLayer = ({ graph, layer, config, inputs, inputShapes, refuse }) => {
  const axes = [config.axis ?? -1].flat();
  if (axes.length !== 1) throw refuse('Softmax of several axes');
  return graph.add('Softmax', layer.name, inputs, { axis: axisOf(axes[0], inputShapes[0]) });
};

/** ReLU with an upper limit; a slope below or a threshold as tfjs computes them. */
export const writeReLU: WriteLayer = ({ graph, layer, config, inputs: [value], refuse }) => {
  const { name } = layer;
  const { maxValue, negativeSlope = 0, threshold = 0 } = config;
  if (threshold !== 0) throw refuse('ReLU with a threshold');
  const highest = typeof maxValue === 'number' ? maxValue : null;
  if (negativeSlope !== 0) {
    const sloped = graph.add('LeakyRelu', name, [value], { alpha: { float: Number(negativeSlope) } });
    if (highest === null) return sloped;
    return graph.add('Min', `${name}/limited`, [sloped, graph.number(`${name}/highest`, highest)]);
  }
  return highest === null ? graph.add('Relu', name, [value]) : clip(graph, name, value, 0, highest);
};

/** ELU and leaky ReLU with their slopes. */
export const writeSloped: (operation: 'Elu' | 'LeakyRelu', usual: number) => WriteLayer =
  (operation, usual) =>
  ({ graph, layer, config, inputs }) =>
    graph.add(operation, layer.name, inputs, { alpha: { float: Number(config.alpha ?? usual) } });
