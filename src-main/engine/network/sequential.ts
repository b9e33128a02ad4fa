/** Builds a stack of layers with Keras' names, Keras' initial weights and a check that the image is large enough. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import { streamSeed } from '../../core/random/random.ts';
import type { Tf } from '../base/backend.ts';

type Activation = 'relu' | 'softmax' | 'sigmoid';

/** One layer of a plain stack. Convolutions are valid with stride 1; a pooling's stride is its size. */
export type LayerSpec =
  | {
      readonly type: 'Conv2D';
      readonly filters: number;
      readonly kernelSize: number;
      readonly activation: Activation;
    }
  | { readonly type: 'MaxPooling2D'; readonly poolSize: number }
  | { readonly type: 'Flatten' }
  | { readonly type: 'Dropout'; readonly rate: number }
  | { readonly type: 'Dense'; readonly units: number; readonly activation: Activation };

/** Keras' base name of a layer type. */
const baseNames: Record<LayerSpec['type'], string> = {
  Conv2D: 'conv2d',
  MaxPooling2D: 'max_pooling2d',
  Flatten: 'flatten',
  Dropout: 'dropout',
  Dense: 'dense',
};

/** Names as Keras gives them in a fresh session: `conv2d`, `conv2d_1`, …; the same for every model built. */
export function layerNames(layers: readonly LayerSpec[]): string[] {
  const used = new Map<string, number>();
  return layers.map(({ type }) => {
    const base = baseNames[type];
    const count = used.get(base) ?? 0;
    used.set(base, count + 1);
    return count === 0 ? base : `${base}_${count}`;
  });
}

/** The side length after a layer, at least 1 if it fits. */
function sideAfter(layer: LayerSpec, side: number): number {
  if (layer.type === 'Conv2D') return side - layer.kernelSize + 1;
  if (layer.type === 'MaxPooling2D') return Math.floor(side / layer.poolSize);
  return side;
}

/** Index of the first layer that has nothing left of an image of this size, or −1. */
function firstTooSmall(layers: readonly LayerSpec[], size: number): number {
  let side = size;
  return layers.findIndex((layer) => {
    side = sideAfter(layer, side);
    return side < 1;
  });
}

/**
 * Checks that every layer has something left of an image.
 * @throws AppError MODEL_TOO_SMALL_INPUT naming the layer and the smallest size that works
 */
export function checkImageSize(layers: readonly LayerSpec[], size: number): void {
  const index = firstTooSmall(layers, size);
  if (index < 0) return;
  let minimum = size + 1;
  while (firstTooSmall(layers, minimum) >= 0) minimum++;
  throw new AppError('MODEL_TOO_SMALL_INPUT', { size, layer: layerNames(layers)[index], minimum });
}

/** What a stack is built for. */
export interface SequentialOptions {
  readonly inputShape: readonly [height: number, width: number, channels: number];
  /** Initial weights are drawn from it: the same seed gives the same model. */
  readonly seed: number;
}

/**
 * Builds the stack: kernels Glorot-uniform from seeded streams, biases zero, as Keras' defaults.
 * @throws AppError MODEL_TOO_SMALL_INPUT
 */
export function buildSequential(
  tf: Tf,
  layers: readonly LayerSpec[],
  { inputShape, seed }: SequentialOptions,
): tfjs.LayersModel {
  checkImageSize(layers, Math.min(inputShape[0], inputShape[1]));
  const names = layerNames(layers);
  const model = tf.sequential({ name: 'sequential' });
  layers.forEach((layer, index) => {
    const name = names[index];
    const kernelInitializer = tf.initializers.glorotUniform({ seed: streamSeed(seed, 'weights', name) });
    const shared = { name, ...(index === 0 ? { inputShape: [...inputShape] } : {}) };
    switch (layer.type) {
      case 'Conv2D': {
        const { filters, kernelSize, activation } = layer;
        model.add(tf.layers.conv2d({ ...shared, filters, kernelSize, activation, kernelInitializer }));
        break;
      }
      case 'MaxPooling2D':
        model.add(tf.layers.maxPooling2d({ ...shared, poolSize: layer.poolSize }));
        break;
      case 'Flatten':
        model.add(tf.layers.flatten(shared));
        break;
      case 'Dropout':
        model.add(tf.layers.dropout({ ...shared, rate: layer.rate }));
        break;
      case 'Dense': {
        const { units, activation } = layer;
        model.add(tf.layers.dense({ ...shared, units, activation, kernelInitializer }));
        break;
      }
    }
  });
  return model;
}
