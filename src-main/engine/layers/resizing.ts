import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { type DefineLayer, type Settings, type Shape, only, onlyShape } from './layer-class.ts';

type Size = [height: number, width: number];

/** As TensorFlow 2 does it: the centres of pixels, not their corners, are what is matched. */
function resize(tf: Tf, x: tfjs.Tensor, size: Size, interpolation: 'nearest' | 'bilinear'): tfjs.Tensor {
  const images = tf.cast(x, 'float32') as tfjs.Tensor4D;
  return interpolation === 'nearest'
    ? tf.image.resizeNearestNeighbor(images, size, false, true)
    : tf.image.resizeBilinear(images, size, false, true);
}

/** Resizes images to a fixed size, bilinear or nearest. */
export const defineResizing: DefineLayer = (tf) =>
  class Resizing extends tf.layers.Layer {
    static readonly className = 'Resizing';
    readonly #size: Size;
    readonly #interpolation: 'nearest' | 'bilinear';

    constructor(settings: Settings) {
      super(settings);
      this.#size = [Number(settings.height), Number(settings.width)];
      this.#interpolation = settings.interpolation === 'nearest' ? 'nearest' : 'bilinear';
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [batch, , , channels] = onlyShape(inputShape);
      return [batch, ...this.#size, channels];
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => resize(tf, only(inputs), this.#size, this.#interpolation));
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const [height, width] = this.#size;
      return { ...super.getConfig(), height, width, interpolation: this.#interpolation };
    }
  };

/** Enlarges feature maps by whole factors, nearest or bilinear. */
export const defineUpSampling: DefineLayer = (tf) =>
  class UpSampling2D extends tf.layers.Layer {
    static readonly className = 'UpSampling2D';
    readonly #factors: Size;
    readonly #interpolation: 'nearest' | 'bilinear';

    constructor(settings: Settings) {
      super(settings);
      const { size = 2 } = settings;
      this.#factors = Array.isArray(size) ? [Number(size[0]), Number(size[1])] : [Number(size), Number(size)];
      this.#interpolation = settings.interpolation === 'bilinear' ? 'bilinear' : 'nearest';
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [batch, height, width, channels] = onlyShape(inputShape);
      const times = (side: number | null, factor: number): number | null =>
        side === null ? null : side * factor;
      return [batch, times(height, this.#factors[0]), times(width, this.#factors[1]), channels];
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const x = only(inputs);
      const size: Size = [x.shape[1]! * this.#factors[0], x.shape[2]! * this.#factors[1]];
      return tf.tidy(() => resize(tf, x, size, this.#interpolation));
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const shared = { ...super.getConfig(), size: this.#factors, interpolation: this.#interpolation };
      return { ...shared, dataFormat: 'channelsLast' };
    }
  };

function cutMiddle(tf: Tf, x: tfjs.Tensor4D, [height, width]: Size): tfjs.Tensor4D {
  const top = Math.floor((x.shape[1] - height) / 2);
  const left = Math.floor((x.shape[2] - width) / 2);
  return tf.slice(x, [0, top, left, 0], [-1, height, width, -1]);
}

/** Cuts the middle out of images; of smaller ones the middle of the wanted shape is enlarged. */
export const defineCenterCrop: DefineLayer = (tf) =>
  class CenterCrop extends tf.layers.Layer {
    static readonly className = 'CenterCrop';
    readonly #size: Size;

    constructor(settings: Settings) {
      super(settings);
      this.#size = [Number(settings.height), Number(settings.width)];
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [batch, , , channels] = onlyShape(inputShape);
      return [batch, ...this.#size, channels];
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const x = tf.cast(only(inputs), 'float32') as tfjs.Tensor4D;
      const [, rows, columns] = x.shape;
      const [height, width] = this.#size;
      if (rows >= height && columns >= width) return cutMiddle(tf, x, this.#size);
      const cut: Size = [
        Math.min(rows, Math.floor((columns * height) / width)),
        Math.min(columns, Math.floor((rows * width) / height)),
      ];
      return tf.tidy(() => resize(tf, cutMiddle(tf, x, cut), this.#size, 'bilinear'));
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const [height, width] = this.#size;
      return { ...super.getConfig(), height, width };
    }
  };
