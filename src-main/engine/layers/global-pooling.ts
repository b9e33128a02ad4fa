import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { type LayerClass, type Settings, type Shape, only, onlyShape } from './layer-class.ts';

/** Global pooling that can keep the map's two sides, as maps of one place; tfjs' own cannot. */
export function defineGlobalPooling(
  name: string,
  pool: (tf: Tf, x: tfjs.Tensor, keepdims: boolean) => tfjs.Tensor,
): (tf: Tf) => LayerClass {
  return (tf) =>
    class GlobalPooling2D extends tf.layers.Layer {
      static readonly className = name;
      readonly #keepdims: boolean;

      constructor(settings: Settings) {
        super(settings);
        this.#keepdims = settings.keepdims === true;
      }

      override computeOutputShape(inputShape: Shape | Shape[]): Shape {
        const [batch, , , channels] = onlyShape(inputShape);
        return this.#keepdims ? [batch, 1, 1, channels] : [batch, channels];
      }

      override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
        return tf.tidy(() => pool(tf, only(inputs), this.#keepdims));
      }

      override getConfig(): tfjs.serialization.ConfigDict {
        const config = { ...super.getConfig(), dataFormat: 'channelsLast' };
        return this.#keepdims ? { ...config, keepdims: true } : config;
      }
    };
}

export const defineGlobalAveragePooling = defineGlobalPooling('GlobalAveragePooling2D', (tf, x, keepdims) =>
  tf.mean(x, [1, 2], keepdims),
);
export const defineGlobalMaxPooling = defineGlobalPooling('GlobalMaxPooling2D', (tf, x, keepdims) =>
  tf.max(x, [1, 2], keepdims),
);
