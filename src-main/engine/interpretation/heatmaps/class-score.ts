/** The score of each class, from any walk through a network: as probabilities, or before softmax or sigmoid. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Tf } from '../../base/backend.ts';
import {
  hasScores,
  headOf,
  logitsOfProbabilities,
  scoresFrom,
  toProbabilities,
} from '../../step/classifier.ts';
import type { Network, Walk } from '../../network/network.ts';

/** `[1 − p, p]` for one sigmoid output; several outputs as they are. */
function perClass(tf: Tf, output: tfjs.Tensor2D): tfjs.Tensor2D {
  return output.shape[1] === 1 ? tf.concat([tf.sub(1, output), output], 1) : output;
}

/** The probability of every class, `[batch, classes]`: the network's own output, as in the lesson. */
export function probabilities(tf: Tf, network: Network, walk: Walk): tfjs.Tensor2D {
  const output = walk.output() as tfjs.Tensor2D;
  return headOf(network)?.activation === 'linear' ? toProbabilities(tf, output) : perClass(tf, output);
}

/** The score of every class before softmax or sigmoid, `[batch, classes]`; of one sigmoid output `[−z, z]`. */
export function scores(tf: Tf, network: Network, walk: Walk): tfjs.Tensor2D {
  const scored = beforeActivation(tf, network, walk);
  return scored.shape[1] === 1 ? tf.concat([tf.neg(scored), scored], 1) : scored;
}

function beforeActivation(tf: Tf, network: Network, walk: Walk): tfjs.Tensor2D {
  const head = headOf(network);
  const output = walk.output() as tfjs.Tensor2D;
  if (head === null || head.activation === 'linear') return output;
  if (!hasScores(head, output.shape[1])) return logitsOfProbabilities(tf, output);
  const [input] = walk.input(head.layer) as tfjs.Tensor2D[];
  return scoresFrom(tf, head, input);
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
