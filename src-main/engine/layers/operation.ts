import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, type Shape } from './layer-class.ts';
import { operations } from './operations.ts';

/** Numbers of a file: one, or nested lists of them. */
type Constant = number | Constant[];

function shapeOfConstant(constant: Constant): Shape {
  return Array.isArray(constant) ? [constant.length, ...shapeOfConstant(constant[0])] : [];
}

/**
 * An operation on tensors that stands between layers, as in `x / 127.5 - 1`.
 *
 * Settings: `operation`, a name in `operations.ts`; `operands`, in their order: null for the next tensor, else a number
 * or nested lists of numbers; and what the operation itself takes.
 */
export const defineOperation: DefineLayer = (tf) =>
  class Operation extends tf.layers.Layer {
    static readonly className = 'Operation';
    readonly #settings: Settings;
    readonly #operands: readonly (Constant | null)[];

    constructor(settings: Settings) {
      super(settings);
      this.#settings = settings;
      this.#operands = settings.operands as (Constant | null)[];
    }

    get #kind() {
      return operations[String(this.#settings.operation)];
    }

    /** All operands, with the layer's inputs where tensors go. */
    #filled<Value>(inputs: readonly Value[], constant: (value: Constant) => Value): Value[] {
      let next = 0;
      return this.#operands.map((operand) => (operand === null ? inputs[next++] : constant(operand)));
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const shapes = Array.isArray(inputShape[0]) ? (inputShape as Shape[]) : [inputShape as Shape];
      return this.#kind.shapeOf(this.#filled(shapes, shapeOfConstant), this.#settings);
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => {
        const given = [inputs].flat().map((input) => tf.cast(input, 'float32'));
        const values = this.#filled(given, (constant) => tf.tensor(constant as number));
        return this.#kind.compute(tf, values, this.#settings);
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const own = Object.entries(this.#settings).filter(([key]) => !key.endsWith('Initializer'));
      return { ...Object.fromEntries(own), ...super.getConfig() } as tfjs.serialization.ConfigDict;
    }
  };
