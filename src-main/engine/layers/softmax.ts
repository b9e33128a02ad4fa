import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, only } from './layer-class.ts';

/** Softmax along any axis, or several; tfjs has the last one alone. */
export const defineSoftmax: DefineLayer = (tf) =>
  class Softmax extends tf.layers.Layer {
    static readonly className = 'Softmax';
    readonly #axis: number | number[];

    constructor(settings: Settings) {
      super(settings);
      const { axis = -1 } = settings;
      this.#axis = Array.isArray(axis) ? axis.map(Number) : Number(axis);
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const x = only(inputs);
      const [axis, ...others] = [this.#axis].flat();
      if (others.length === 0 && (axis === -1 || axis === x.rank - 1)) return tf.softmax(x);
      return tf.tidy(() => {
        const powers = tf.exp(tf.sub(x, tf.max(x, this.#axis, true)));
        return tf.div(powers, tf.sum(powers, this.#axis, true));
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      return { ...super.getConfig(), axis: this.#axis };
    }
  };
