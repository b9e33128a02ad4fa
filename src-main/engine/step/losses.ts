/** Losses per image, computed from logits. Parts of traced programs. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';

/**
 * What the network should say: float32 `[batch]` for one sigmoid output (1: the second class), else `[batch, classes]`,
 * each row summing to 1.
 */
export type Targets = tfjs.Tensor1D | tfjs.Tensor2D;

/**
 * Targets of labels, smoothed as Keras does: `t·(1 − s) + s/K`, with K = 2 for one sigmoid output.
 * @param labels int32 `[batch]`, class indices
 */
export function targetsFor(tf: Tf, labels: tfjs.Tensor1D, outputs: number, smoothing = 0): Targets {
  const hard: Targets =
    outputs === 1
      ? tf.cast(labels, 'float32')
      : tf.cast(tf.oneHot(labels, outputs) as tfjs.Tensor2D, 'float32');
  if (smoothing === 0) return hard;
  return tf.add(tf.mul(hard, 1 - smoothing), smoothing / Math.max(2, outputs));
}

/** Targets of images that were mixed. @param mixing `[batch, batch]`, each row the shares an image is made of */
export function mixTargets(tf: Tf, targets: Targets, mixing: tfjs.Tensor2D): Targets {
  if (targets.rank === 2) return tf.matMul(mixing, targets);
  const column = tf.reshape(targets, [targets.shape[0], 1]);
  return tf.reshape<tfjs.Rank.R1>(tf.matMul(mixing, column), [targets.shape[0]]);
}

/**
 * Cross-entropy of each image against its target.
 * One logit x and target z: `softplus(x) − x·z`, which is `−z·log σ(x) − (1−z)·log(1−σ(x))`.
 * Several: `−Σ z·log softmax(x)`.
 * @param logits `[batch, 1]` or `[batch, classes]`
 * @returns float32 `[batch]`
 */
export function crossEntropyOf(tf: Tf, logits: tfjs.Tensor2D, targets: Targets): tfjs.Tensor1D {
  if (logits.shape[1] === 1) {
    const scores = tf.reshape(logits, [logits.shape[0]]);
    return tf.sub(tf.softplus(scores), tf.mul(scores, targets as tfjs.Tensor1D));
  }
  return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1));
}

/** Cross-entropy of each image against its label. @param labels int32 `[batch]`, class indices */
export function crossEntropy(tf: Tf, logits: tfjs.Tensor2D, labels: tfjs.Tensor1D): tfjs.Tensor1D {
  return crossEntropyOf(tf, logits, targetsFor(tf, labels, logits.shape[1]));
}

/** The probability of the predicted class of each image, float32 `[batch]`. */
export function predictedProbabilities(tf: Tf, logits: tfjs.Tensor2D): tfjs.Tensor1D {
  if (logits.shape[1] === 1) return tf.sigmoid(tf.abs(tf.reshape(logits, [logits.shape[0]])));
  return tf.max(tf.softmax(logits), 1);
}

/** The predicted class of each image, int32 `[batch]`: probability above one half, or the largest. */
export function predictedClasses(tf: Tf, logits: tfjs.Tensor2D): tfjs.Tensor1D {
  if (logits.shape[1] === 1) {
    return tf.cast(tf.greater(tf.reshape(logits, [logits.shape[0]]), 0), 'int32');
  }
  return tf.cast(tf.argMax(logits, 1), 'int32');
}
