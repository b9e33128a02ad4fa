import type * as tfjs from '@tensorflow/tfjs';
import { type DefineLayer, type Settings, type Shape, only, onlyShape } from './layer-class.ts';

/**
 * Another shape for the same numbers, one side of which may be left to be worked out. tfjs' own knows that side only
 * when it runs, so that no layer with weights can follow.
 */
export const defineReshape: DefineLayer = (tf) =>
  class Reshape extends tf.layers.Layer {
    static readonly className = 'Reshape';
    readonly #shape: readonly number[];

    constructor(settings: Settings) {
      super(settings);
      this.#shape = (settings.targetShape as (number | null)[]).map((side) => side ?? -1);
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const [batch, ...sides] = onlyShape(inputShape);
      const unknown = this.#shape.findIndex((side) => side < 0);
      const target: Shape = this.#shape.map((side) => (side < 0 ? null : side));
      if (sides.some((side) => side === null)) return [batch, ...target];
      const product = (values: Shape): number => values.reduce<number>((all, side) => all * (side ?? 1), 1);
      const [held, wanted] = [product(sides), product(target)];
      if (unknown >= 0) target[unknown] = held / wanted;
      if (unknown >= 0 ? held % wanted !== 0 : held !== wanted)
        throw new Error(`its layer ${this.name} turns ${sides.join('×')} into ${this.#shape.join('×')}`);
      return [batch, ...target];
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      const input = only(inputs);
      const [, ...sides] = this.computeOutputShape(input.shape);
      return tf.reshape(input, [input.shape[0], ...sides.map((side) => side ?? -1)]);
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      return { ...super.getConfig(), targetShape: [...this.#shape] };
    }
  };
