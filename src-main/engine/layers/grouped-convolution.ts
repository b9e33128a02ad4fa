import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { type DefineLayer, type Settings, type Shape, numberOr, only, onlyShape } from './layer-class.ts';

type Pair = [number, number];

function pairOf(value: unknown): Pair {
  return Array.isArray(value)
    ? [Number(value[0]), Number(value[1])]
    : [Number(value ?? 1), Number(value ?? 1)];
}

interface Slide {
  readonly strides: Pair;
  readonly padding: 'same' | 'valid';
  readonly dilation: Pair;
  readonly groups: number;
}

/** The same kernel with zeros between its places: tfjs has no gradient of dilated convolutions. */
function spread(tf: Tf, kernel: tfjs.Tensor4D, [down, across]: Pair): tfjs.Tensor4D {
  if (down === 1 && across === 1) return kernel;
  const [height, width, inside, outside] = kernel.shape;
  const apart = tf.reshape(kernel, [height, 1, width, 1, inside * outside]);
  const padded = tf.pad(apart, [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]);
  const wide = tf.reshape(padded, [height * down, width * across, inside, outside]);
  const sides = [(height - 1) * down + 1, (width - 1) * across + 1, inside, outside];
  return tf.slice(wide, [0, 0, 0, 0], sides) as tfjs.Tensor4D;
}

/**
 * A convolution whose output channels each see one group of input channels.
 * @param x `[batch, height, width, channels]`
 * @param weights `[height, width, channels / groups, filters]`, the filters of the first group first
 */
function convolve(tf: Tf, x: tfjs.Tensor4D, weights: tfjs.Tensor4D, settings: Slide): tfjs.Tensor {
  const { strides, padding, dilation, groups } = settings;
  const kernel = spread(tf, weights, dilation);
  const [height, width, inside, filters] = kernel.shape;
  if (inside === 1 && strides[0] === strides[1]) {
    // One channel a group: TensorFlow has a kernel for that, for steps alike in both directions.
    const each = tf.reshape<tfjs.Rank.R4>(kernel, [height, width, groups, filters / groups]);
    return tf.depthwiseConv2d(x, each, strides, padding);
  }
  const parts = tf.split<tfjs.Tensor4D>(x, groups, 3);
  const kernels = tf.split<tfjs.Tensor4D>(kernel, groups, 3);
  return tf.concat(
    parts.map((part, group) => tf.conv2d(part, kernels[group], strides, padding)),
    3,
  );
}

function lengthAfter(side: number | null, kernel: number, stride: number, padding: string): number | null {
  if (side === null) return null;
  return padding === 'same' ? Math.ceil(side / stride) : Math.floor((side - kernel) / stride) + 1;
}

/** Keras' `Conv2D` with more than one group; tfjs' own has none. */
export const defineGroupedConvolution: DefineLayer = (tf) =>
  class GroupedConv2D extends tf.layers.Layer {
    static readonly className = 'GroupedConv2D';
    readonly #settings: Settings;
    readonly #slide: Slide;
    readonly #kernelSize: Pair;
    readonly #activation: tfjs.layers.Layer | null;
    #kernel: tfjs.LayerVariable | null = null;
    #bias: tfjs.LayerVariable | null = null;

    constructor(settings: Settings) {
      super(settings);
      this.#settings = settings;
      this.#kernelSize = pairOf(settings.kernelSize);
      this.#slide = {
        strides: pairOf(settings.strides),
        padding: settings.padding === 'same' ? 'same' : 'valid',
        dilation: pairOf(settings.dilationRate),
        groups: numberOr(settings.groups, 1),
      };
      const { activation } = settings;
      const none = typeof activation !== 'string' || activation === 'linear';
      this.#activation = none ? null : tf.layers.activation({ activation: activation as 'relu' });
    }

    override build(inputShape: Shape | Shape[]): void {
      const channels = onlyShape(inputShape).at(-1)!;
      const { groups } = this.#slide;
      const filters = numberOr(this.#settings.filters, 0);
      if (channels % groups !== 0 || filters % groups !== 0)
        throw new Error(
          `its layer ${this.name} has ${groups} groups for ${channels} channels and ${filters} filters`,
        );
      const zeros = tf.initializers.zeros();
      const shape = [...this.#kernelSize, channels / groups, filters];
      this.#kernel = this.addWeight('kernel', shape, 'float32', zeros);
      if (this.#settings.useBias !== false) this.#bias = this.addWeight('bias', [filters], 'float32', zeros);
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [batch, ...sides] = onlyShape(inputShape);
      const { strides, padding, dilation } = this.#slide;
      const [height, width] = this.#kernelSize.map((size, axis) =>
        lengthAfter(sides[axis], (size - 1) * dilation[axis] + 1, strides[axis], padding),
      );
      return [batch, height, width, numberOr(this.#settings.filters, 0)];
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => {
        const kernel = this.#kernel!.read() as tfjs.Tensor4D;
        const convolved = convolve(tf, only(inputs) as tfjs.Tensor4D, kernel, this.#slide);
        const biased = this.#bias === null ? convolved : tf.add(convolved, this.#bias.read());
        return this.#activation === null ? biased : (this.#activation.call(biased, {}) as tfjs.Tensor);
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const { filters, useBias = true, activation = 'linear' } = this.#settings;
      const { dilation: dilationRate, ...slide } = this.#slide;
      const own = { filters, kernelSize: this.#kernelSize, ...slide, dilationRate, useBias, activation };
      return { ...super.getConfig(), ...own } as tfjs.serialization.ConfigDict;
    }
  };
