import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, numberOr, only } from './layer-class.ts';

/** ReLU with an upper limit, a slope below and a threshold; tfjs' own leaves the last two out. */
export const defineReLU: DefineLayer = (tf) =>
  class ReLU extends tf.layers.Layer {
    static readonly className = 'ReLU';
    readonly #highest: number | null;
    readonly #slope: number;
    readonly #threshold: number;

    constructor(settings: Settings = {}) {
      super(settings);
      this.supportsMasking = true;
      this.#highest = typeof settings.maxValue === 'number' ? settings.maxValue : null;
      this.#slope = numberOr(settings.negativeSlope, 0);
      this.#threshold = numberOr(settings.threshold, 0);
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const x = only(inputs);
      if (this.#slope === 0 && this.#threshold === 0) {
        if (this.#highest === 6) return tf.relu6(x);
        return this.#highest === null ? tf.relu(x) : tf.clipByValue(x, 0, this.#highest);
      }
      return tf.tidy(() => {
        const below = tf.mul(tf.sub(x, this.#threshold), this.#slope);
        const above = this.#highest === null ? x : tf.minimum(x, this.#highest);
        return tf.where(tf.greater(x, this.#threshold), above, below);
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const config = { ...super.getConfig(), maxValue: this.#highest };
      if (this.#slope === 0 && this.#threshold === 0) return config;
      return { ...config, negativeSlope: this.#slope, threshold: this.#threshold };
    }
  };
