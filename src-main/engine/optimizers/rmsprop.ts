import type { Optimizer } from './optimizer.ts';

/** Discount of the running mean of squared gradients; Keras' default. */
const rho = 0.9;
/** Keras' default; inside the root. */
const epsilon = 1e-7;

/**
 * RMSprop without momentum, as Keras 3 defines it:
 * `s ← rho·s + (1 − rho)·g²`, `w ← w − rate·g / sqrt(s + epsilon)`.
 * @see https://github.com/keras-team/keras/blob/master/keras/src/optimizers/rmsprop.py
 */
export const rmsprop: Optimizer = {
  id: 'rmsprop',
  slots: ['mean-square'],
  update(backend, weights, [meanSquares], gradients, { learningRate }) {
    const { tf } = backend;
    weights.forEach((variable, index) => {
      const gradient = gradients[index];
      const meanSquare = meanSquares[index];
      if (
        backend.fuseUpdate?.({ kind: 'rms-prop', variable, gradient, learningRate, meanSquare, rho, epsilon })
      )
        return;
      const square = tf.add(tf.mul(meanSquare, rho), tf.mul(tf.square(gradient), 1 - rho));
      meanSquare.assign(square);
      const step = tf.div(tf.mul(gradient, learningRate), tf.sqrt(tf.add(square, epsilon)));
      variable.assign(tf.sub(variable, step));
    });
  },
};
