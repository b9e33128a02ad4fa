/** The network that leaves for Keras: a model's layers with the preprocessing before and the probabilities after them. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Preprocessing } from '../../../contract/shared/preprocessing.ts';
import { Network, type NetworkLayer } from '../../network/network.ts';
import type { Ending } from '../../step/classifier.ts';
import { imagenetMeansBgr } from '../../step/preprocessing.ts';
import { type DescribedLayer, type KerasVersion, describeLayer } from './described-layer.ts';

/** Numbers of a layer, under the name that Keras gives them. */
export interface KerasWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Where a layer takes its input from: a layer before it, and which of its uses. */
export interface KerasInput {
  readonly layer: KerasLayer;
  readonly call: number;
}

/** A layer that is written. */
export interface KerasLayer extends DescribedLayer {
  readonly name: string;
  readonly trainable: boolean;
  /** Of its output, the batch first. */
  readonly shape: readonly (number | null)[];
  /** In the order in which Keras keeps them. */
  readonly weights: readonly KerasWeight[];
  /** One list for each use of the layer. */
  readonly calls: (readonly KerasInput[])[];
}

/** A network that is written. */
export interface KerasNetwork {
  readonly name: string;
  readonly inputShape: readonly [height: number, width: number, channels: number];
  /** In the order in which they are computed, the input layer left out. */
  readonly layers: readonly KerasLayer[];
  readonly input: KerasLayer;
  readonly output: KerasInput;
  /** The name of each layer of the model, as written; of layers used several times that of the first use. */
  readonly names: ReadonlyMap<NetworkLayer, string>;
}

/** How a network goes out. */
export interface KerasOptions {
  readonly preprocessing: Preprocessing;
  readonly imageSize: number;
  readonly channels: 1 | 3;
  readonly ending: Ending;
}

/**
 * Describes a classifier as a network of Keras, from pixels 0–255 to one probability per class.
 * @param version whose names and functions are meant
 * @throws AppError EXPORT_LAYER_UNSUPPORTED naming the layer
 */
export function kerasNetwork(
  model: tfjs.LayersModel,
  options: KerasOptions,
  version: KerasVersion,
): KerasNetwork {
  const { imageSize, channels, ending } = options;
  const network = new Network(model);
  const building = new Building();
  const inputShape = [imageSize, imageSize, channels] as const;
  const input = building.add('InputLayer', 'image', {}, [], [null, ...inputShape]);
  const first = addPreprocessing(building, { layer: input, call: 0 }, options);
  const values = new Map<NetworkLayer, KerasInput>();
  for (const layer of network.layers) values.set(layer, addLayer(building, layer, values, first, version));
  const last = values.get(network.last) ?? first;
  const output = addEnding(building, network.last, last, ending);
  const names = new Map(Array.from(values, ([layer, { layer: written }]) => [layer, written.name]));
  return {
    name: building.free('classifier'),
    inputShape,
    layers: building.layers.slice(1),
    input,
    output,
    names,
  };
}

class Building {
  readonly layers: KerasLayer[] = [];
  readonly #names = new Set<string>();
  readonly #written = new Map<tfjs.layers.Layer, KerasLayer>();

  /** A name that nothing has yet, without what Keras takes for a path. */
  free(wanted: string): string {
    const plain = wanted.replace(/[^\w.-]+/g, '_');
    let name = plain;
    for (let number = 1; this.#names.has(name); number++) name = `${plain}_${number}`;
    this.#names.add(name);
    return name;
  }

  add(
    type: string,
    wanted: string,
    config: DescribedLayer['config'],
    inputs: readonly KerasInput[],
    shape: KerasLayer['shape'],
    weights: readonly KerasWeight[] = [],
    trainable = true,
  ): KerasLayer {
    const layer = { type, name: this.free(wanted), config, shape, weights, trainable, calls: [inputs] };
    this.layers.push(layer);
    return layer;
  }

  /** A layer of the model; a later use of one that is there already. */
  use(of: NetworkLayer, described: () => DescribedLayer, inputs: readonly KerasInput[]): KerasInput {
    const known = this.#written.get(of.layer);
    if (known !== undefined) return { layer: known, call: known.calls.push(inputs) - 1 };
    const { type, config } = described();
    const weights = type === 'Normalization' ? [] : weightsOf(of.layer);
    const layer = this.add(type, of.name, config, inputs, of.outputShape, weights, of.layer.trainable);
    this.#written.set(of.layer, layer);
    return { layer, call: 0 };
  }
}

/** Keras keeps what can be trained first. */
function weightsOf({ trainableWeights, nonTrainableWeights }: tfjs.layers.Layer): KerasWeight[] {
  return [...trainableWeights, ...nonTrainableWeights].map((variable) => {
    const tensor = variable.read();
    const name = variable.originalName.split('/').at(-1)!;
    return { name, shape: tensor.shape, values: tensor.dataSync<'float32'>() };
  });
}

function addLayer(
  building: Building,
  layer: NetworkLayer,
  values: ReadonlyMap<NetworkLayer, KerasInput>,
  first: KerasInput,
  version: KerasVersion,
): KerasInput {
  const refuse = (type: string): AppError =>
    new AppError('EXPORT_LAYER_UNSUPPORTED', { format: `Keras ${version}`, layer: layer.name, type });
  const { inputTensors } = layer.output.sourceLayer.inboundNodes[layer.output.nodeIndex];
  const inputs = layer.inputs.length === 0 ? [first] : layer.inputs.map((from) => values.get(from)!);
  if (inputs.length !== inputTensors.length)
    throw refuse(`${layer.type} of the image and of another layer's output`);
  return building.use(layer, () => describeLayer(layer, version, refuse), inputs);
}

/** Pixels as the network wants them. @see preprocess */
function addPreprocessing(
  building: Building,
  image: KerasInput,
  { preprocessing, channels }: KerasOptions,
): KerasInput {
  const scaled = (scale: number, offset: number): KerasInput => ({
    layer: building.add('Rescaling', 'preprocessing', { scale, offset }, [image], image.layer.shape),
    call: 0,
  });
  switch (preprocessing) {
    case 'none':
      return image;
    case '0-1':
      return scaled(1 / 255, 0);
    case '-1-1':
      return scaled(1 / 127.5, -1);
    case 'imagenet':
      if (channels === 1) return scaled(1, -imagenetMeansBgr[1]);
      return { layer: addReversal(building, image), call: 0 };
  }
}

/** Red, green and blue turned round and the means taken off: a convolution of 1×1, as Keras has no layer for it. */
function addReversal(building: Building, image: KerasInput): KerasLayer {
  const kernel = Float32Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0);
  const bias = Float32Array.from(imagenetMeansBgr, (mean) => -mean);
  const config = { filters: 3, kernel_size: [1, 1], strides: [1, 1], padding: 'valid', use_bias: true };
  const weights = [
    { name: 'kernel', shape: [1, 1, 3, 3], values: kernel },
    { name: 'bias', shape: [3], values: bias },
  ];
  return building.add(
    'Conv2D',
    'preprocessing',
    { ...config, activation: 'linear' },
    [image],
    image.layer.shape,
    weights,
    false,
  );
}

/** Makes one probability per class of what the network puts out. */
function addEnding(
  building: Building,
  { name }: NetworkLayer,
  last: KerasInput,
  { activation, outputs }: Ending,
): KerasInput {
  const after = (
    type: string,
    called: string,
    config: DescribedLayer['config'],
    ...from: KerasInput[]
  ): KerasInput => ({
    layer: building.add(type, `${name}_${called}`, config, from, [null, Math.max(from.length, outputs)]),
    call: 0,
  });
  if (outputs > 1) return activation === 'linear' ? after('Softmax', 'softmax', { axis: -1 }, last) : last;
  const positive =
    activation === 'sigmoid' ? last : after('Activation', 'sigmoid', { activation: 'sigmoid' }, last);
  const negative = after('Rescaling', 'other_class', { scale: -1, offset: 1 }, positive);
  return after('Concatenate', 'classes', { axis: -1 }, negative, positive);
}
