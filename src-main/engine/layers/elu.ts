import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, numberOr, only } from './layer-class.ts';

/** x above 0, alpha · (eˣ − 1) below; tfjs' own knows alpha 1 only. */
export const defineELU: DefineLayer = (tf) =>
  class ELU extends tf.layers.Layer {
    static readonly className = 'ELU';
    readonly #alpha: number;

    constructor(settings: Settings = {}) {
      super(settings);
      this.#alpha = numberOr(settings.alpha, 1);
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const x = only(inputs);
      if (this.#alpha === 1) return tf.elu(x);
      return tf.tidy(() => {
        const below = tf.mul(tf.expm1(tf.minimum(x, 0)), this.#alpha);
        return tf.add(tf.relu(x), below);
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      return { ...super.getConfig(), alpha: this.#alpha };
    }
  };
