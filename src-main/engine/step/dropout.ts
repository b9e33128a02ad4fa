/** Dropout that draws anew in every run of a compiled program, and the same again from the same seed. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Backend } from '../base/backend.ts';

/** What is used of a tfjs Dropout layer (its class is not exported). */
export interface DropoutLayer extends tfjs.layers.Layer {
  readonly rate: number;
  readonly noiseShape: (number | null)[] | null;
  call(inputs: tfjs.Tensor | tfjs.Tensor[], options: { training?: boolean }): tfjs.Tensor | tfjs.Tensor[];
}

/** Odd, so that streams of neighbouring layers do not meet. */
const layerStride = 0x9e3779b1 | 0;

/** The Dropout layers of a model, nested ones included. */
export function dropoutLayersOf(model: tfjs.LayersModel): DropoutLayer[] {
  return model.layers.flatMap((layer) => {
    if ('layers' in layer) return dropoutLayersOf(layer as tfjs.LayersModel);
    return layer.getClassName() === 'Dropout' ? [layer as DropoutLayer] : [];
  });
}

/**
 * Runs `body` with the model's Dropout layers drawing from `seed` instead of from JavaScript's own random numbers.
 * Part of a traced program. The arithmetic is Keras': keep where a uniform number ≥ rate, scale by 1 / (1 − rate).
 * @param seed int32 `[2]`, to be fed: for example the run's seed and the step
 */
export function withDropoutSeed<Result>(
  backend: Backend,
  model: tfjs.LayersModel,
  seed: tfjs.Tensor1D,
  body: () => Result,
): Result {
  const layers = dropoutLayersOf(model);
  layers.forEach((layer, index) => {
    // On the instance: the class keeps its own, which is put back below.
    layer.call = (inputs, { training }) => {
      const input = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!training || layer.rate <= 0) return input;
      return backend.tf.tidy(() => dropOut(backend, layer, input, seed, index));
    };
  });
  try {
    return body();
  } finally {
    for (const layer of layers) Reflect.deleteProperty(layer, 'call');
  }
}

function dropOut(
  backend: Backend,
  { rate, noiseShape }: DropoutLayer,
  input: tfjs.Tensor,
  seed: tfjs.Tensor1D,
  index: number,
): tfjs.Tensor {
  const { tf } = backend;
  const shape = input.shape.map((size, axis) => noiseShape?.[axis] ?? size);
  const ofLayer = tf.tensor1d([Math.imul(layerStride, index + 1), 0], 'int32');
  const layerSeed = tf.add<tfjs.Tensor1D>(seed, ofLayer);
  const kept = tf.cast(tf.greaterEqual(uniform(backend, shape, layerSeed), rate), 'float32');
  return tf.mul(tf.mul(input, 1 / (1 - rate)), kept);
}

function uniform({ tf, randomUniform }: Backend, shape: number[], seed: tfjs.Tensor1D): tfjs.Tensor {
  if (randomUniform) return randomUniform(shape, seed);
  // Only backends that run programs eagerly lack it, and there numbers may be read.
  const [first, second] = seed.dataSync();
  return tf.randomUniform(shape, 0, 1, 'float32', Math.imul(first, layerStride) + second);
}
