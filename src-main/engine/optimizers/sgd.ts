import type { Optimizer } from './optimizer.ts';

/** The usual momentum; with none, steps follow each batch's own gradient. */
const momentum = 0.9;

/**
 * Stochastic gradient descent with momentum, as Keras 3 defines it:
 * `v ← momentum·v − rate·g`, `w ← w + v`.
 * @see https://github.com/keras-team/keras/blob/master/keras/src/optimizers/sgd.py
 */
export const sgd: Optimizer = {
  id: 'sgd',
  slots: ['velocity'],
  update(backend, weights, [velocities], gradients, { learningRate }) {
    const { tf } = backend;
    weights.forEach((variable, index) => {
      const gradient = gradients[index];
      const velocity = velocities[index];
      const step = { variable, gradient, learningRate, velocity, momentum, nesterov: false };
      if (backend.fuseUpdate?.({ kind: 'momentum', ...step })) return;
      velocity.assign(tf.sub(tf.mul(velocity, momentum), tf.mul(gradient, learningRate)));
      variable.assign(tf.add(variable, velocity));
    });
  },
};
