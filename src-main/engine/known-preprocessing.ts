/** What is known of published networks whose files do not say how they want their pixels. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../contract/engine-process.ts';

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
  const names = new Set(model.layers.map((layer) => layer.name));
  const count = (type: string): number =>
    model.layers.filter((layer) => layer.getClassName() === type).length;
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

/** True when the network scales its pixels itself. */
export function beginsWithRescaling(model: tfjs.LayersModel): boolean {
  const first = model.layers.find((layer) => layer.getClassName() !== 'InputLayer');
  return first !== undefined && ['Rescaling', 'Normalization'].includes(first.getClassName());
}

/**
 * The preprocessing of a network whose file does not say it: as it is known for, else none if it begins by rescaling,
 * else 0–1.
 * @param assumed gets the sentence that says so
 */
export function assumePreprocessing(model: tfjs.LayersModel, assumed: string[]): Preprocessing {
  const known = knownPreprocessing(model);
  if (known !== null) {
    assumed.push(`Preprocessing ${known.preprocessing}, because it looks like ${known.because}.`);
    return known.preprocessing;
  }
  const preprocessing = beginsWithRescaling(model) ? 'none' : '0-1';
  const because = preprocessing === 'none' ? 'it begins by rescaling' : 'its file does not say';
  assumed.push(`Preprocessing ${preprocessing}, because ${because}.`);
  return preprocessing;
}
