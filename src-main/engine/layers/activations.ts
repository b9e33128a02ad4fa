/** Activation functions of Keras 3 that tfjs lacks. @see https://keras.io/api/layers/activations/ */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';

type Apply = (tf: Tf, x: tfjs.Tensor) => tfjs.Tensor;

/** max(0, min(1, x/6 + 1/2)) */
const hardSigmoid: Apply = (tf, x) => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1);

/** By the name tfjs gives them: camel case. */
const functions: Readonly<Record<string, Apply>> = {
  // Keras 2 and tfjs mean another one by `hardSigmoid`: x/5 + 1/2.
  hardSigmoid6: hardSigmoid,
  hardSilu: (tf, x) => tf.mul(x, hardSigmoid(tf, x)),
  // Keras' `approximate`, by the hyperbolic tangent; tfjs' `gelu` is the exact one.
  geluTanh: (tf, x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner)));
  },
  leakyRelu: (tf, x) => tf.leakyRelu(x, 0.2),
  exponential: (tf, x) => tf.exp(x),
  logSigmoid: (tf, x) => tf.logSigmoid(x),
  hardTanh: (tf, x) => tf.clipByValue(x, -1, 1),
  squareplus: (tf, x) => tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 2),
  tanhShrink: (tf, x) => tf.sub(x, tf.tanh(x)),
};

/** Adds them to tfjs. */
export function registerActivations(tf: Tf): void {
  for (const [name, apply] of Object.entries(functions)) {
    class Function extends tf.serialization.Serializable {
      static readonly className = name;
      override getConfig(): tfjs.serialization.ConfigDict {
        return {};
      }
      apply(x: tfjs.Tensor): tfjs.Tensor {
        return tf.tidy(() => apply(tf, x));
      }
    }
    tf.serialization.registerClass(Function);
  }
}
