import type * as tfjs from '@tensorflow/tfjs';
import type { Backend } from '../base/backend.ts';
import type { Optimizer, StepScalars } from './optimizer.ts';

/** Keras' defaults. */
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-7;
/** Keras' default of AdamW. */
const defaultDecay = 0.004;

/**
 * Adam, as Keras 3 defines it: `m ← m + (1−β₁)(g − m)`, `s ← s + (1−β₂)(g² − s)`,
 * `w ← w − rate·√(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√s + epsilon)`.
 * @see https://github.com/keras-team/keras/blob/master/keras/src/optimizers/adam.py
 */
export const adam: Optimizer = {
  id: 'adam',
  slots: ['mean', 'mean-square'],
  update: (backend, weights, slots, gradients, scalars) =>
    update(backend, weights, slots, gradients, scalars, 0),
};

/**
 * Adam with decoupled weight decay: `w ← w − rate·decay·w` before Adam's own step.
 * @see https://github.com/keras-team/keras/blob/master/keras/src/optimizers/adamw.py
 */
export function adamWithDecay(decay: number): Optimizer {
  return {
    id: 'adamw',
    slots: ['mean', 'mean-square'],
    update: (backend, weights, slots, gradients, scalars) =>
      update(backend, weights, slots, gradients, scalars, decay),
  };
}

/** AdamW with Keras' default decay. */
export const adamw = adamWithDecay(defaultDecay);

function update(
  backend: Backend,
  weights: readonly tfjs.Variable[],
  [means, meanSquares]: readonly (readonly tfjs.Variable[])[],
  gradients: readonly tfjs.Tensor[],
  { learningRate, step }: StepScalars,
  decay: number,
): void {
  const { tf } = backend;
  const beta1Power = tf.pow(tf.scalar(beta1), step).asScalar();
  const beta2Power = tf.pow(tf.scalar(beta2), step).asScalar();
  weights.forEach((variable, index) => {
    const gradient = gradients[index];
    const mean = means[index];
    const meanSquare = meanSquares[index];
    if (decay > 0) variable.assign(tf.sub(variable, tf.mul(variable, tf.mul(learningRate, decay))));
    const slots = { mean, meanSquare, beta1, beta2, beta1Power, beta2Power, epsilon };
    if (backend.fuseUpdate?.({ kind: 'adam', variable, gradient, learningRate, ...slots })) return;
    mean.assign(tf.add(mean, tf.mul(tf.sub(gradient, mean), 1 - beta1)));
    meanSquare.assign(tf.add(meanSquare, tf.mul(tf.sub(tf.square(gradient), meanSquare), 1 - beta2)));
    const correction = tf.div(tf.sqrt(tf.sub(1, beta2Power)), tf.sub(1, beta1Power));
    const rate = tf.mul(learningRate, correction);
    variable.assign(tf.sub(variable, tf.div(tf.mul(rate, mean), tf.add(tf.sqrt(meanSquare), epsilon))));
  });
}
