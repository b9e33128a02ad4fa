/** A classifier as operations, from pixels 0–255 to one probability per class. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { Network, type NetworkLayer } from '../network/network.ts';
import { type Ending, featureLayerOf } from '../step/classifier.ts';
import { imagenetMeansBgr } from '../step/preprocessing.ts';
import { fold } from './fold.ts';
import { layerLowerings } from './lower-layers.ts';
import { type LayerSite, Operations } from './lowering.ts';
import type { LoweredNetwork, Numbers, Operation, Value } from './operations.ts';

/** How a network goes out. */
export interface LoweringOptions {
  readonly preprocessing: Preprocessing;
  readonly imageSize: number;
  readonly channels: 1 | 3;
  readonly ending: Ending;
}

/**
 * Lowers a classifier.
 * @param format for messages
 * @throws AppError EXPORT_LAYER_UNSUPPORTED naming the layer
 */
export function lowerNetwork(
  model: tfjs.LayersModel,
  options: LoweringOptions,
  format: string,
): LoweredNetwork {
  const { imageSize, channels, ending } = options;
  const network = new Network(model);
  const operations = new Operations([imageSize, imageSize, channels]);
  const first = lowerPreprocessing(operations, options);
  const values = new Map<NetworkLayer, Value>();
  for (const layer of network.layers) values.set(layer, lowerLayer(operations, layer, values, first, format));
  const output = lowerEnding(operations, values.get(network.last) ?? first, ending);
  const featureLayer = featureLayerOf(network);
  const features = featureLayer && (values.get(featureLayer) ?? null);
  const layers = Array.from(values).flatMap(([{ name }, value]) =>
    value === 'image' ? [] : [{ name, operation: value }],
  );
  return fold({
    name: model.name,
    imageShape: operations.imageShape,
    operations: operations.all,
    output,
    features,
    layers,
  });
}

/** Pixels as the network wants them. @see preprocess */
function lowerPreprocessing(operations: Operations, { preprocessing, channels }: LoweringOptions): Value {
  const name = 'preprocessing';
  const scaled = (scale: number, offset: number): Value =>
    operations.add(name, { kind: 'affine', scale: Float32Array.of(scale), offset: Float32Array.of(offset) }, [
      'image',
    ]);
  switch (preprocessing) {
    case 'none':
      return 'image';
    case '0-1':
      return scaled(1 / 255, 0);
    case '-1-1':
      return scaled(1 / 127.5, -1);
    case 'imagenet':
      return channels === 1 ? scaled(1, -imagenetMeansBgr[1]) : reversed(operations, name);
  }
}

/** Red, green and blue turned round and the means taken off. */
function reversed(operations: Operations, name: string): Operation {
  const kernel = { shape: [1, 1, 3, 3], values: Float32Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0) };
  const bias = Float32Array.from(imagenetMeansBgr, (mean) => -mean);
  const still = { strides: [1, 1], dilations: [1, 1], padding: 'valid' } as const;
  return operations.add(name, { kind: 'convolution', ...still, kernel, bias }, ['image']);
}

function lowerLayer(
  operations: Operations,
  layer: NetworkLayer,
  values: ReadonlyMap<NetworkLayer, Value>,
  first: Value,
  format: string,
): Value {
  const refuse = (type: string): AppError =>
    new AppError('EXPORT_LAYER_UNSUPPORTED', { format, layer: layer.name, type });
  const lower = layerLowerings[layer.type];
  if (lower === undefined) throw refuse(layer.type);
  const { inputTensors } = layer.output.sourceLayer.inboundNodes[layer.output.nodeIndex];
  const inputs = layer.inputs.length === 0 ? [first] : layer.inputs.map((from) => values.get(from)!);
  if (inputs.length !== inputTensors.length)
    throw refuse(`${layer.type} of the image and of another layer's output`);
  const known = (shape: readonly (number | null)[]): number[] =>
    shape.slice(1).map((side) => {
      if (side === null) throw refuse(`${layer.type} for maps of any size`);
      return side;
    });
  const site: LayerSite = {
    operations,
    layer,
    config: layer.layer.getConfig(),
    inputs,
    inputShapes: inputTensors.map(({ shape }) => known(shape)),
    shape: known(layer.outputShape),
    weight: (kind) => weightNamed(layer, kind),
    refuse,
  };
  return lower(site);
}

function weightNamed({ layer }: NetworkLayer, kind: string): Numbers | null {
  const found = layer.weights.find(({ originalName }) => originalName.endsWith(`/${kind}`));
  if (found === undefined) return null;
  const tensor = found.read();
  return { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
}

/** Makes one probability per class of what the network puts out. */
function lowerEnding(operations: Operations, value: Value, { activation, outputs }: Ending): Operation {
  const named = (name: string, work: Operation['work'], inputs: Value[], shape: number[]): Operation =>
    operations.add(name, work, inputs, shape);
  if (outputs > 1) {
    if (activation === 'linear') return named('probabilities', { kind: 'softmax' }, [value], [outputs]);
    return value === 'image' ? named('probabilities', { kind: 'reshape' }, [value], [outputs]) : value;
  }
  const positive =
    activation === 'sigmoid'
      ? value
      : named('positive', { kind: 'function', function: 'sigmoid' }, [value], [1]);
  const other = { kind: 'affine', scale: Float32Array.of(-1), offset: Float32Array.of(1) } as const;
  const negative = named('negative', other, [positive], [1]);
  return named('probabilities', { kind: 'concatenate', axis: 1 }, [negative, positive], [2]);
}
