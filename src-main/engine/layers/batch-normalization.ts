import type * as tfjs from '@tensorflow/tfjs';
import type { DefineLayer, LayerClass, Settings, Shape } from './layer-class.ts';
import { onlyShape } from './layer-class.ts';

/** What tfjs' own layer keeps to itself. */
interface Inner {
  scale: boolean;
  gamma: { read(): tfjs.Tensor };
  readonly axis: number;
}

interface ClassMap {
  readonly classNameMap: Readonly<Record<string, readonly [LayerClass, unknown]>>;
}

/**
 * tfjs' own, with ones for the scale where there is none (`scale: false`, as in Inception and Xception's like): the
 * gradient of its normalisation fails without one.
 */
export const defineBatchNormalization: DefineLayer = (tf) => {
  const { classNameMap } = tf.serialization.SerializationMap.getMap() as unknown as ClassMap;
  const [Base] = classNameMap.BatchNormalization;
  return class BatchNormalization extends Base {
    static override readonly className = 'BatchNormalization';
    readonly #isScaled: boolean;

    constructor(settings: Settings = {}) {
      super(settings);
      this.#isScaled = (this as unknown as Inner).scale;
    }

    override build(inputShape: Shape | Shape[]): void {
      super.build(inputShape);
      if (this.#isScaled) return;
      const inner = this as unknown as Inner;
      const shape = onlyShape(inputShape);
      const channels = shape.at(inner.axis)!;
      // Not a weight: nothing of it is counted, saved or trained.
      inner.gamma = { read: () => tf.ones([channels]) };
      inner.scale = true;
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      return { ...super.getConfig(), scale: this.#isScaled };
    }
  };
};
