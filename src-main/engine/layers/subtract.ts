import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Shape } from './layer-class.ts';

/** The first input minus the second. */
export const defineSubtract: DefineLayer = (tf) =>
  class Subtract extends tf.layers.Layer {
    static readonly className = 'Subtract';

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [first, second] = inputShape as Shape[];
      return first.map((side, axis) => (side === 1 ? second[axis] : side));
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const [first, second] = inputs as tfjs.Tensor[];
      return tf.sub(first, second);
    }
  };
