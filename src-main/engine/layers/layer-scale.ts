import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, type Shape, numberOr, only, onlyShape } from './layer-class.ts';

/** x · gamma, one learned number per channel: ConvNeXt's. @see https://arxiv.org/abs/2103.17239 */
export const defineLayerScale: DefineLayer = (tf) =>
  class LayerScale extends tf.layers.Layer {
    static readonly className = 'LayerScale';
    readonly #initial: number;
    #gamma: tfjs.LayerVariable | null = null;

    constructor(settings: Settings) {
      super(settings);
      this.#initial = numberOr(settings.initValues, 1e-6);
    }

    override build(inputShape: Shape | Shape[]): void {
      const channels = onlyShape(inputShape).at(-1)!;
      const initial = tf.initializers.constant({ value: this.#initial });
      this.#gamma = this.addWeight('gamma', [channels], 'float32', initial);
      super.build(inputShape);
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => tf.mul(only(inputs), this.#gamma!.read()));
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      return { ...super.getConfig(), initValues: this.#initial };
    }
  };
