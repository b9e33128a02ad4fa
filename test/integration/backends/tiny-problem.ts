/** A problem a small network learns in seconds: bright and dark noise, told apart by a convolution. */
import type * as tfjs from '@tensorflow/tfjs';
import { createRandom } from '../../../src-main/core/random/random.ts';
import type { Backend, Program, ProgramSpec } from '../../../src-main/engine/base/backend.ts';

const SIZE = 8;
const BATCH = 16;

function batch(backend: Backend, seed: number): tfjs.Tensor[] {
  const { tf } = backend;
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: BATCH }, () => random.integer(2));
  const pixels = Float32Array.from({ length: BATCH * SIZE * SIZE }, (_, i) => {
    const bright = labels[Math.floor(i / (SIZE * SIZE))];
    return 0.4 * bright - 0.2 + 0.4 * (random.next() - 0.5);
  });
  return [tf.tensor4d(pixels, [BATCH, SIZE, SIZE, 1]), tf.tensor2d(Float32Array.from(labels), [BATCH, 1])];
}

/** Trains on a backend through its programs, as the engine does. @returns losses, and accuracy on fresh pictures */
export async function learn(
  backend: Backend,
  steps: number,
): Promise<{ losses: number[]; accuracy: number }> {
  const { tf } = backend;
  const weights = tf.tidy(() => [
    tf.variable(tf.randomNormal([3, 3, 1, 4], 0, 0.3, 'float32', 7)),
    tf.variable(tf.randomNormal([36, 1], 0, 0.1, 'float32', 8)),
    tf.variable(tf.zeros([1])),
  ]);
  const [filters, kernel, bias] = weights;
  const logits = (images: tfjs.Tensor): tfjs.Tensor => {
    const features = tf.relu(tf.conv2d(images as tfjs.Tensor4D, filters as tfjs.Tensor4D, 1, 'valid'));
    const pooled = tf.reshape(tf.maxPool(features, 2, 2, 'valid'), [BATCH, 36]);
    return tf.add(tf.matMul(pooled, kernel), bias);
  };
  const train: Program = ([images, labels]) => {
    const { value, grads } = tf.variableGrads(
      () => tf.losses.sigmoidCrossEntropy<tfjs.Tensor, tfjs.Scalar>(labels, logits(images)),
      weights,
    );
    for (const weight of weights) weight.assign(tf.sub(weight, tf.mul(grads[weight.name], 0.5)));
    return [value];
  };
  const predict: Program = ([images]) => [tf.sigmoid(logits(images))];
  const example = batch(backend, 0);
  const specs: Record<'train' | 'predict', ProgramSpec> = {
    train: { program: train, exampleInputs: example },
    predict: { program: predict, exampleInputs: [example[0]] },
  };
  const programs = backend.prepare(specs);
  try {
    const losses: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const inputs = batch(backend, step);
      const outputs = programs.run('train', inputs);
      losses.push((await outputs[0].data())[0]);
      tf.dispose([...inputs, ...outputs]);
    }
    const fresh = batch(backend, steps + 1);
    const outputs = programs.run('predict', [fresh[0]]);
    const [found, labels] = [await outputs[0].data(), await fresh[1].data()];
    tf.dispose([...fresh, ...outputs]);
    const right = labels.filter((label, i) => (found[i] > 0.5 ? 1 : 0) === label);
    return { losses, accuracy: right.length / BATCH };
  } finally {
    programs.dispose();
    tf.dispose([...weights, ...example]);
  }
}
