/** Which layers can be shown in which way, and which are chosen by default. */
import { AppError } from '../../contract/shared/errors.ts';
import { layerUnsuitable } from '../network/layer-errors.ts';
import type { Network, NetworkLayer, Shape } from '../network/network.ts';

const convolutions = new Set(['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose']);
const poolings = new Set(['MaxPooling2D', 'AveragePooling2D']);
/** Activations that are layers of their own. */
const activations = new Set([
  'Activation',
  'ReLU',
  'LeakyReLU',
  'PReLU',
  'ELU',
  'ThresholdedReLU',
  'Softmax',
]);
/** Layers that belong to the convolution before them: its norm, its activation, its share in a sum. */
const followers = new Set([...activations, 'BatchNormalization', 'Dropout', 'Add', 'Concatenate']);

/** True for convolutions of every kind. */
export function isConvolution({ type }: NetworkLayer): boolean {
  return convolutions.has(type);
}

/** True for the layers that the lesson shows the activations of: convolutions and poolings. */
export function isShown(layer: NetworkLayer): boolean {
  return (isConvolution(layer) || poolings.has(layer.type)) && isSpatial(layer);
}

function positions(shape: Shape): number {
  // Unknown sides are those of networks that take any image; their maps have many places.
  return (shape[1] ?? 2) * (shape[2] ?? 2);
}

/** True when the output is made of maps with more than one place. */
export function isSpatial({ outputShape }: NetworkLayer): boolean {
  return outputShape.length === 4 && positions(outputShape) > 1;
}

function consumers(network: Network, layer: NetworkLayer): NetworkLayer[] {
  return network.layers.filter(({ inputs }) => inputs.includes(layer));
}

/** The activation that follows a convolution as a separate layer (a norm may be in between), or null. */
export function activationAfter(network: Network, layer: NetworkLayer): NetworkLayer | null {
  if (!isConvolution(layer) || hasActivation(layer)) return null;
  let last = layer;
  for (;;) {
    const next = consumers(network, last);
    if (next.length !== 1) return null;
    [last] = next;
    if (activations.has(last.type)) return last;
    if (last.type !== 'BatchNormalization') return null;
  }
}

function hasActivation({ layer }: NetworkLayer): boolean {
  const { activation } = layer.getConfig();
  return typeof activation === 'string' && activation !== 'linear';
}

/**
 * The layer that heatmaps are of by default: the last convolution whose maps have more than one place, with
 * its norm, activation and sums where these are layers of their own. VGG16: `block5_conv3`; MobileNetV2 with its
 * activations apart: `conv_35_relu6`.
 */
export function heatmapLayer(network: Network): NetworkLayer | null {
  const convolution = network.layers.findLast((layer) => isConvolution(layer) && isSpatial(layer));
  if (convolution === undefined) return null;
  let chosen = convolution;
  for (;;) {
    const next = consumers(network, chosen);
    if (next.length !== 1 || !followers.has(next[0].type) || !isSpatial(next[0])) return chosen;
    [chosen] = next;
  }
}

/** The layer a heatmap is of. @throws AppError MODEL_LAYER_UNKNOWN, MODEL_LAYER_UNSUITABLE, MODEL_NO_CONVOLUTION */
export function chooseHeatmapLayer(network: Network, name: string | null): NetworkLayer {
  const usual = heatmapLayer(network);
  if (name === null) {
    if (usual !== null) return usual;
    throw new AppError('MODEL_NO_CONVOLUTION');
  }
  return requireSpatial(network, name);
}

/** A layer by name whose output is made of maps. @throws AppError as `chooseHeatmapLayer` */
export function requireSpatial(network: Network, name: string): NetworkLayer {
  const layer = network.find(name);
  if (isSpatial(layer)) return layer;
  const usual = heatmapLayer(network);
  if (usual === null) throw new AppError('MODEL_NO_CONVOLUTION');
  throw layerUnsuitable(layer.name, layer.type, 'its output is not made of maps', usual.name);
}

/** The layer filter patterns are of; the first convolution by default. @throws as `chooseHeatmapLayer` */
export function choosePatternLayer(network: Network, name: string | null): NetworkLayer {
  if (name !== null) return requireSpatial(network, name);
  const first = network.layers.find(isConvolution);
  if (first === undefined) throw new AppError('MODEL_NO_CONVOLUTION');
  return first;
}

/**
 * The layers whose activations are shown.
 * @param names null: all convolutions and poolings
 * @param afterActivation shows the activation in place of a convolution that has it as a separate layer
 * @throws AppError as `chooseHeatmapLayer`
 */
export function chooseShownLayers(
  network: Network,
  names: readonly string[] | null,
  afterActivation: boolean,
): NetworkLayer[] {
  const chosen =
    names === null ? network.layers.filter(isShown) : names.map((name) => requireSpatial(network, name));
  if (chosen.length === 0) throw new AppError('MODEL_NO_CONVOLUTION');
  if (!afterActivation) return chosen;
  return [...new Set(chosen.map((layer) => activationAfter(network, layer) ?? layer))];
}
