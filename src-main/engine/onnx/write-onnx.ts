/**
 * Writes a network as ONNX, float32: from pixels 0–255 to its output, with the preprocessing inside the graph. For
 * exports, and for engines that run the frozen part of a network.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { type Ending, featureLayerOf } from '../step/classifier.ts';
import { imagenetMeansBgr } from '../step/preprocessing.ts';
import { Network, type NetworkLayer } from '../network/network.ts';
import { type LayerSite, type Weight, channelsFirst, channelsLast, isMap } from './layer-writer.ts';
import { layerWriters } from './layer-writers.ts';
import { type OnnxAbout, OnnxGraph } from './onnx-graph.ts';

/** The value that the graph takes: `[batch, size, size, channels]`, uint8. */
export const onnxInput = 'image';
/** The value that it puts out. */
export const onnxOutput = 'output';

/** The value that the last dense layer of a classifier reads, which is put out too: `[batch, n]`. */
export const onnxFeatures = 'features';

/** How a network is written. */
export interface OnnxOptions {
  readonly preprocessing: Preprocessing;
  readonly imageSize: number;
  readonly channels: 1 | 3;
  /**
   * How the network ends: `probabilities` of a classifier, one number per class, or `as-it-is`, channels last where it is
   * a feature map.
   */
  readonly ending: 'as-it-is' | Ending;
  readonly about: OnnxAbout;
}

/** A layer of a written network. */
export interface WrittenLayer {
  readonly name: string;
  /** The value of the graph that is its output. */
  readonly value: string;
  /** That value is a feature map, its channels first. */
  readonly isMap: boolean;
}

/** A written network. */
export interface WrittenOnnx {
  readonly bytes: Uint8Array;
  /** In the order in which they are computed. */
  readonly layers: readonly WrittenLayer[];
}

/**
 * Writes a network.
 * @param model any network of one image, nested models opened
 * @throws AppError EXPORT_LAYER_UNSUPPORTED naming the layer that ONNX, or this writer, has not
 */
export function writeOnnx(model: tfjs.LayersModel, options: OnnxOptions): WrittenOnnx {
  const { imageSize, channels, ending, about } = options;
  const network = new Network(model);
  const graph = new OnnxGraph(model.name);
  const image = graph.input(onnxInput, 'uint8', ['batch', imageSize, imageSize, channels]);
  const first = channelsFirst(graph, 'preprocessing', writePreprocessing(graph, image, options));
  const values = new Map<NetworkLayer, string>();
  for (const layer of network.layers) values.set(layer, writeLayer(graph, layer, values, first));
  writeEnding(graph, network.last, values.get(network.last) ?? first, ending);
  if (ending !== 'as-it-is') writeFeatures(graph, featureLayerOf(network), values);
  const layers = Array.from(values, ([{ name, outputShape }, value]) => ({
    name,
    value,
    isMap: isMap(outputShape),
  }));
  return { bytes: graph.toBytes(about), layers };
}

/** The numbers of a feature map with channels last. @param shape `[batch, channels, height, width]` */
export function mapChannelsLast(values: Float32Array, shape: readonly number[]): Float32Array {
  const [batch, channels, height, width] = shape;
  const places = height * width;
  const ordered = new Float32Array(values.length);
  let from = 0;
  for (let image = 0; image < batch; image++)
    for (let channel = 0; channel < channels; channel++)
      for (let place = 0; place < places; place++)
        ordered[(image * places + place) * channels + channel] = values[from++];
  return ordered;
}

/** Pixels as the network wants them, channels last. @see preprocess */
function writePreprocessing(
  graph: OnnxGraph,
  image: string,
  { preprocessing, channels }: OnnxOptions,
): string {
  const name = 'preprocessing';
  const pixels = graph.add('Cast', `${name}/float`, [image], { to: 1 });
  const scaled = (by: number): string =>
    graph.add('Div', `${name}/scaled`, [pixels, graph.number(`${name}/scale`, by)]);
  switch (preprocessing) {
    case 'none':
      return pixels;
    case '0-1':
      return scaled(255);
    case '-1-1':
      return graph.add('Sub', `${name}/centred`, [scaled(127.5), graph.number(`${name}/centre`, 1)]);
    case 'imagenet': {
      const means = channels === 3 ? imagenetMeansBgr : [imagenetMeansBgr[1]];
      const ordered =
        channels === 3
          ? graph.add('Gather', `${name}/bgr`, [pixels, graph.integers(`${name}/order`, [2, 1, 0])], {
              axis: 3,
            })
          : pixels;
      const mean = graph.constant(`${name}/means`, [means.length], Float32Array.from(means));
      return graph.add('Sub', `${name}/centred`, [ordered, mean]);
    }
  }
}

function writeLayer(
  graph: OnnxGraph,
  layer: NetworkLayer,
  values: ReadonlyMap<NetworkLayer, string>,
  first: string,
): string {
  const refuse = (type: string): AppError =>
    new AppError('EXPORT_LAYER_UNSUPPORTED', { format: 'ONNX', layer: layer.name, type });
  const write = layerWriters[layer.type];
  if (write === undefined) throw refuse(layer.type);
  const { inputTensors } = layer.output.sourceLayer.inboundNodes[layer.output.nodeIndex];
  const inputs = layer.inputs.length === 0 ? [first] : layer.inputs.map((from) => values.get(from)!);
  if (inputs.length !== inputTensors.length)
    throw refuse(`${layer.type} of the image and of another layer's output`);
  const site: LayerSite = {
    graph,
    layer,
    config: layer.layer.getConfig(),
    inputs,
    inputShapes: inputTensors.map(({ shape }) => shape),
    weight: (kind) => weightNamed(layer, kind),
    refuse,
  };
  return write(site);
}

function weightNamed({ layer }: NetworkLayer, kind: string): Weight | null {
  const found = layer.weights.find(({ originalName }) => originalName.endsWith(`/${kind}`));
  if (found === undefined) return null;
  const tensor = found.read();
  return { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
}

function writeFeatures(
  graph: OnnxGraph,
  layer: NetworkLayer | null,
  values: ReadonlyMap<NetworkLayer, string>,
): void {
  if (layer === null) return;
  graph.add('Identity', onnxFeatures, [values.get(layer)!]);
  graph.output(onnxFeatures, 'float32', ['batch', ...layer.outputShape.slice(1).map((side) => side ?? 'n')]);
}

function writeEnding(
  graph: OnnxGraph,
  { outputShape, name }: NetworkLayer,
  value: string,
  ending: OnnxOptions['ending'],
): void {
  const sides = outputShape.slice(1).map((side, axis) => side ?? `side${axis}`);
  if (ending === 'as-it-is') {
    const shown = isMap(outputShape) ? channelsLast(graph, `${name}/shown`, value) : value;
    graph.output(graph.add('Identity', onnxOutput, [shown]), 'float32', ['batch', ...sides]);
    return;
  }
  const { activation, outputs } = ending;
  if (outputs === 1) {
    const positive = activation === 'sigmoid' ? value : graph.add('Sigmoid', 'positive', [value]);
    const negative = graph.add('Sub', 'negative', [graph.number('one', 1), positive]);
    graph.add('Concat', onnxOutput, [negative, positive], { axis: 1 });
  } else if (activation === 'linear') graph.add('Softmax', onnxOutput, [value], { axis: 1 });
  else graph.add('Identity', onnxOutput, [value]);
  graph.output(onnxOutput, 'float32', ['batch', outputs === 1 ? 2 : outputs]);
}
