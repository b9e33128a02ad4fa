/** What is known of published networks whose files do not say how they want their pixels. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { Network, type NetworkLayer } from '../network/network.ts';

/** A preprocessing with the reason for it, for people to read. */
export interface KnownPreprocessing {
  readonly preprocessing: Preprocessing;
  readonly because: string;
}

/** Names that Keras' applications and their conversions carry, as they begin. EfficientNet rescales itself. */
const byName: readonly (readonly [RegExp, Preprocessing, string])[] = [
  [/^efficientnet|^mobilenet_?v3|^convnext|^regnet/i, 'none', 'a network that rescales inside'],
  [
    /^mobilenet|^xception|^inception|^nasnet|^resnet\d+_?v2/i,
    '-1-1',
    'a network of the Inception or MobileNet family',
  ],
  [/^vgg|^resnet/i, 'imagenet', 'a network of the VGG or ResNet family'],
  [/^squeezenet/i, 'imagenet', 'a SqueezeNet'],
];

/** The preprocessing a network is known for, or null. */
export function knownPreprocessing(model: tfjs.LayersModel): KnownPreprocessing | null {
  for (const [pattern, preprocessing, because] of byName) {
    if (pattern.test(model.name)) return { preprocessing, because };
  }
  // Layers of networks inside it count too.
  const { layers } = new Network(model);
  const names = new Set(layers.map(({ layer }) => layer.name));
  const count = (type: string): number => layers.filter((layer) => layer.type === type).length;
  if (names.has('block1_conv1') && names.has('block5_pool')) {
    return { preprocessing: 'imagenet', because: 'a VGG network (block1_conv1 … block5_pool)' };
  }
  if (names.has('fire2/squeeze1x1') && names.has('fire9/expand3x3')) {
    return { preprocessing: 'imagenet', because: 'a SqueezeNet (fire2/squeeze1x1 … fire9/expand3x3)' };
  }
  // Thirteen depthwise convolutions make MobileNet v1, seventeen v2.
  const depthwise = count('DepthwiseConv2D');
  if (depthwise === 13 || depthwise === 17) {
    return { preprocessing: '-1-1', because: `a MobileNet (${depthwise} depthwise convolutions)` };
  }
  return null;
}

/** Layers that leave the range of pixel values as it is. */
const keepsRange = new Set([
  'Resizing',
  'CenterCrop',
  'Cropping2D',
  'ZeroPadding2D',
  'UpSampling2D',
  'Reshape',
  'Permute',
  'Concatenate',
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
]);

/** Operations that only take parts of pictures, or lay their channels out anew. */
const keepingOperations = new Set(['getItem', 'stack', 'expandDims', 'squeeze']);
/** Operations with numbers by which `preprocess_input` of Keras scales pixels. */
const scalingOperations = new Set(['trueDivide', 'multiply', 'subtract', 'add']);

function scalesByNumbers({ layer }: NetworkLayer): boolean {
  const { operation, operands } = layer.getConfig();
  return scalingOperations.has(operation as string) && [operands].flat().some((operand) => operand !== null);
}

function keepsPixels({ type, layer }: NetworkLayer): boolean {
  if (type === 'Operation') return keepingOperations.has(layer.getConfig().operation as string);
  if (type === 'Activation') return layer.getConfig().activation === 'linear';
  return type.startsWith('Random') || keepsRange.has(type);
}

/**
 * True when the network scales its pixels itself, before all else or after layers that only change, cut or lay out
 * pictures. Networks inside it are looked into.
 */
export function beginsWithRescaling(model: tfjs.LayersModel): boolean {
  const { layers } = new Network(model);
  const rescales = (layer: NetworkLayer): boolean => {
    if (layer.type === 'Rescaling' || layer.type === 'Normalization') return true;
    if (layer.type === 'Operation' && scalesByNumbers(layer)) return true;
    if (!keepsPixels(layer)) return false;
    const next = layers.filter(({ inputs }) => inputs.includes(layer));
    return next.length > 0 && next.every(rescales);
  };
  const first = layers.filter(({ inputs }) => inputs.length === 0);
  return first.length > 0 && first.every(rescales);
}

/**
 * The preprocessing of a network whose file does not say it: none if it begins by rescaling, else as it is known for,
 * else 0–1.
 * @param assumed receives a sentence about it
 */
export function assumePreprocessing(model: tfjs.LayersModel, assumed: string[]): Preprocessing {
  if (beginsWithRescaling(model)) {
    assumed.push('Preprocessing none, because it begins by rescaling.');
    return 'none';
  }
  const known = knownPreprocessing(model);
  const preprocessing = known?.preprocessing ?? '0-1';
  const because = known === null ? 'its file does not say' : `it looks like ${known.because}`;
  assumed.push(`Preprocessing ${preprocessing}, because ${because}.`);
  return preprocessing;
}
