import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, type Shape, only, onlyShape } from './layer-class.ts';

/** Keras' smallest divisor. */
const epsilon = 1e-7;

function axesOf(axis: unknown, rank: number): number[] {
  const listed = axis === null ? [] : Array.isArray(axis) ? axis.map(Number) : [Number(axis ?? -1)];
  return listed.map((place) => (place < 0 ? place + rank : place)).sort((a, b) => a - b);
}

/**
 * (x − mean) / √variance, or the inverse, with mean and variance learned from data before training or given.
 * @see https://keras.io/api/layers/preprocessing_layers/numerical/normalization/
 */
export const defineNormalization: DefineLayer = (tf) =>
  class Normalization extends tf.layers.Layer {
    static readonly className = 'Normalization';
    readonly #settings: Settings;
    #mean: tfjs.LayerVariable | null = null;
    #variance: tfjs.LayerVariable | null = null;
    #broadcast: number[] = [];

    constructor(settings: Settings) {
      super(settings);
      this.#settings = settings;
    }

    override build(inputShape: Shape | Shape[]): void {
      const shape = onlyShape(inputShape);
      const kept = axesOf(this.#settings.axis, shape.length);
      this.#broadcast = shape.map((side, axis) => (kept.includes(axis) ? (side ?? 1) : 1));
      if (!Array.isArray(this.#settings.mean) && typeof this.#settings.mean !== 'number') {
        const sides = kept.map((axis) => shape[axis] ?? 1);
        const weight = (name: string, of: number[], start: 'zeros' | 'ones'): tfjs.LayerVariable =>
          this.addWeight(name, of, 'float32', tf.initializers[start](), undefined, false);
        this.#mean = weight('mean', sides, 'zeros');
        this.#variance = weight('variance', sides, 'ones');
        // How many numbers were looked at; part of every file.
        weight('count', [], 'zeros');
      }
      super.build(inputShape);
    }

    #statistic(learned: tfjs.LayerVariable | null, given: unknown): tfjs.Tensor {
      if (learned !== null) return tf.reshape(learned.read(), this.#broadcast);
      const values = tf.tensor(given as number);
      if (values.rank === 0) return values;
      const flat = tf.reshape(values, [-1]);
      return flat.size === this.#broadcast.reduce((product, side) => product * side, 1)
        ? tf.reshape(flat, this.#broadcast)
        : flat;
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => {
        const x = tf.cast(only(inputs), 'float32');
        const mean = this.#statistic(this.#mean, this.#settings.mean);
        const deviation = tf.maximum(
          tf.sqrt(this.#statistic(this.#variance, this.#settings.variance)),
          epsilon,
        );
        if (this.#settings.invert === true) return tf.add(tf.mul(x, deviation), mean);
        return tf.div(tf.sub(x, mean), deviation);
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const { axis = -1, mean = null, variance = null, invert = false } = this.#settings;
      return { ...super.getConfig(), axis, mean, variance, invert } as tfjs.serialization.ConfigDict;
    }
  };
