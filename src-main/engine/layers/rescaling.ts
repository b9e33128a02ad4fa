import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, numbers, only } from './layer-class.ts';

/** x · scale + offset, each one number or one per channel; tfjs' own takes single numbers. */
export const defineRescaling: DefineLayer = (tf) =>
  class Rescaling extends tf.layers.Layer {
    static readonly className = 'Rescaling';
    readonly #scale: number | number[];
    readonly #offset: number | number[];

    constructor(settings: Settings) {
      super(settings);
      this.#scale = numbers(settings.scale, 1);
      this.#offset = numbers(settings.offset, 0);
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => tf.add(tf.mul(tf.cast(only(inputs), 'float32'), this.#scale), this.#offset));
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      return { ...super.getConfig(), scale: this.#scale, offset: this.#offset };
    }
  };
