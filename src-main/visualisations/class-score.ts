/** What a network says of each class, from any walk through it: as probabilities, or before softmax or sigmoid. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../contract/errors.ts';
import type { Tf } from '../engine/backend.ts';
import { applyLinear, toProbabilities } from '../engine/classifier.ts';
import type { Network, NetworkLayer, Walk } from './network.ts';

/** Layers after the head that keep the meaning of its numbers. */
const passThrough = new Set(['Reshape', 'Flatten', 'Dropout', 'GlobalAveragePooling2D']);
/** Keras' epsilon for probabilities. */
const epsilon = 1e-7;

interface Head {
  readonly layer: NetworkLayer;
  readonly activation: string;
}

function headOf(network: Network): Head {
  let layer = network.last;
  while (passThrough.has(layer.type) && layer.inputs.length === 1) [layer] = layer.inputs;
  const { activation } = layer.layer.getConfig();
  if (layer.type === 'Softmax') return { layer, activation: 'softmax' };
  return { layer, activation: typeof activation === 'string' ? activation : 'linear' };
}

/** `[1 − p, p]` for one sigmoid output; several outputs as they are. */
function perClass(tf: Tf, output: tfjs.Tensor2D): tfjs.Tensor2D {
  return output.shape[1] === 1 ? tf.concat([tf.sub(1, output), output], 1) : output;
}

/** The probability of every class, `[batch, classes]`: the network's own output, as in the lesson. */
export function probabilities(tf: Tf, network: Network, walk: Walk): tfjs.Tensor2D {
  const output = walk.output() as tfjs.Tensor2D;
  return headOf(network).activation === 'linear' ? toProbabilities(tf, output) : perClass(tf, output);
}

/** The score of every class before softmax or sigmoid, `[batch, classes]`; of one sigmoid output `[−z, z]`. */
export function scores(tf: Tf, network: Network, walk: Walk): tfjs.Tensor2D {
  const scored = beforeActivation(tf, network, walk);
  return scored.shape[1] === 1 ? tf.concat([tf.neg(scored), scored], 1) : scored;
}

function beforeActivation(tf: Tf, network: Network, walk: Walk): tfjs.Tensor2D {
  const { layer, activation } = headOf(network);
  if (activation === 'linear') return walk.output() as tfjs.Tensor2D;
  if (layer === network.last) {
    const [input] = walk.input(layer) as tfjs.Tensor2D[];
    if (layer.type === 'Softmax' || layer.type === 'Activation') return input;
    if (layer.type === 'Dense') return applyLinear(tf, layer.layer, input);
  }
  // What is left of the scores is their logarithm.
  const output = tf.clipByValue(walk.output() as tfjs.Tensor2D, epsilon, 1 - epsilon);
  return output.shape[1] === 1 ? tf.sub(tf.log(output), tf.log(tf.sub(1, output))) : tf.log(output);
}

/** @throws AppError MODEL_CLASS_UNKNOWN unless `index` is one of so many classes */
export function requireClass(index: number, classes: number): number {
  if (Number.isInteger(index) && index >= 0 && index < classes) return index;
  throw new AppError('MODEL_CLASS_UNKNOWN', { class: index, last: classes - 1 });
}

/** Index of the greatest number. */
export function greatest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
