/** Losses per image, computed from logits. Parts of traced programs. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from './backend.ts';

/** The names Keras gives the two losses. */
export type LossName = 'binary_crossentropy' | 'categorical_crossentropy';

/** Two classes share one sigmoid output; more get a softmax. */
export function lossFor(classes: number): LossName {
  return classes === 2 ? 'binary_crossentropy' : 'categorical_crossentropy';
}

/**
 * Cross-entropy of each image.
 * One logit x and target z: `softplus(x) − x·z`, which is `−z·log σ(x) − (1−z)·log(1−σ(x))`.
 * Several: `−log softmax(x)[label]`.
 * @param logits `[batch, 1]` or `[batch, classes]`
 * @param labels int32 `[batch]`, class indices
 * @returns float32 `[batch]`
 */
export function crossEntropy(tf: Tf, logits: tfjs.Tensor2D, labels: tfjs.Tensor1D): tfjs.Tensor1D {
  const outputs = logits.shape[1];
  if (outputs === 1) {
    const scores = tf.reshape(logits, [logits.shape[0]]);
    return tf.sub(tf.softplus(scores), tf.mul(scores, tf.cast(labels, 'float32')));
  }
  const targets = tf.oneHot(labels, outputs);
  return tf.neg(tf.sum(tf.mul(tf.cast(targets, 'float32'), tf.logSoftmax(logits)), 1));
}

/** The predicted class of each image, int32 `[batch]`: probability above one half, or the largest. */
export function predictedClasses(tf: Tf, logits: tfjs.Tensor2D): tfjs.Tensor1D {
  if (logits.shape[1] === 1) {
    return tf.cast(tf.greater(tf.reshape(logits, [logits.shape[0]]), 0), 'int32');
  }
  return tf.cast(tf.argMax(logits, 1), 'int32');
}
