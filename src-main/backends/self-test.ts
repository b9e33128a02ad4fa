/** Proof that an engine computes what it should: a small network trained a few steps, against known numbers. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../engine/base/backend.ts';

/** What the self-test saw. */
export interface SelfTestResult {
  readonly passed: boolean;
  readonly detail: string;
}

/** Loss before training and after the last step: TensorFlow and plain JavaScript, written independently, agree on it. */
const KNOWN_FIRST = 7.1747;
const KNOWN_LAST = 3.1499;
/** Wide enough for engines that compute with fewer digits (bfloat16, TF32), narrow enough to catch a wrong one. */
const TOLERANCE = 0.02;
const STEPS = 8;
const RATE = 0.02;

/** Numbers that look random and are the same everywhere. */
function waves(length: number, frequency: number, scale: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => scale * Math.sin(frequency * (i + 1)));
}

/** The filters of the convolution and the kernel of the dense layer. */
type Weights = [filters: tfjs.Variable<tfjs.Rank.R4>, kernel: tfjs.Variable<tfjs.Rank.R2>];

function createWeights(tf: Tf): Weights {
  return [
    tf.variable(tf.tensor4d(waves(3 * 3 * 2 * 4, 1.3, 0.4), [3, 3, 2, 4])),
    tf.variable(tf.tensor2d(waves(4 * 4 * 4 * 3, 2.1, 0.3), [64, 3])),
  ];
}

/** A convolution, a pooling and a dense layer: forward and backward, the operations that every recipe stands on. */
function lossOf(
  tf: Tf,
  [filters, kernel]: Weights,
  images: tfjs.Tensor4D,
  labels: tfjs.Tensor2D,
): tfjs.Scalar {
  const features = tf.maxPool(tf.relu(tf.conv2d(images, filters, 1, 'same')), 2, 2, 'valid');
  const logits = tf.matMul(tf.reshape(features, [6, 64]), kernel);
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

function trainSteps(tf: Tf, weights: Weights): number[] {
  const images = tf.tensor4d(waves(6 * 8 * 8 * 2, 0.7, 1), [6, 8, 8, 2]);
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3) as tfjs.Tensor2D;
  return Array.from({ length: STEPS }, () => {
    const { value, grads } = tf.variableGrads(() => lossOf(tf, weights, images, labels));
    for (const weight of weights as tfjs.Variable[]) {
      weight.assign(tf.sub(weight, tf.mul(grads[weight.name], RATE)));
    }
    return value.dataSync()[0];
  });
}

function isNear(found: number, known: number): boolean {
  return Math.abs(found - known) <= TOLERANCE * known;
}

/**
 * Trains a tiny network for a few steps: the loss must fall, and begin and end at the known numbers.
 * Takes milliseconds; leaves no tensor behind.
 */
export function selfTest(tf: Tf): SelfTestResult {
  const weights = tf.tidy(() => createWeights(tf));
  try {
    const losses = tf.tidy(() => trainSteps(tf, weights));
    const [first, last] = [losses[0], losses[STEPS - 1]];
    const passed = last < first && isNear(first, KNOWN_FIRST) && isNear(last, KNOWN_LAST);
    const found = `loss ${first.toFixed(4)} → ${last.toFixed(4)} in ${STEPS} steps`;
    const known = `expected ${KNOWN_FIRST.toFixed(4)} → ${KNOWN_LAST.toFixed(4)}`;
    return { passed, detail: passed ? found : `${found}, ${known}` };
  } finally {
    tf.dispose(weights);
  }
}
