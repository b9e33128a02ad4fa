import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { type LayerClass, type Settings, only } from './layer-class.ts';

/** Layers with which Keras changes images at random while it trains, and which do nothing in use. */
const names = [
  'RandomFlip',
  'RandomRotation',
  'RandomZoom',
  'RandomTranslation',
  'RandomShear',
  'RandomPerspective',
  'RandomContrast',
  'RandomBrightness',
  'RandomHue',
  'RandomSaturation',
  'RandomSharpness',
  'RandomColorJitter',
  'RandomColorDegeneration',
  'RandomGrayscale',
  'RandomGaussianBlur',
  'RandomErasing',
  'RandomPosterization',
  'RandomInvert',
];

/** Layers of these classes pass images on as they are: Lenslet augments by itself. */
export function defineAugmentationLayers(tf: Tf): LayerClass[] {
  return names.map(
    (name) =>
      class RandomLayer extends tf.layers.Layer {
        static readonly className = name;
        readonly #settings: Settings;

        constructor(settings: Settings) {
          super(settings);
          this.#settings = settings;
        }

        override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
          return only(inputs);
        }

        override getConfig(): tfjs.serialization.ConfigDict {
          return { ...this.#settings, ...super.getConfig() } as tfjs.serialization.ConfigDict;
        }
      },
  );
}
