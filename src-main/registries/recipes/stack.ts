/** What recipes that train a plain stack of layers from scratch have in common. */
import { type RecipeDefaultsInput, recipeDefaultsSchema } from '../../contract/shared/training-settings.ts';
import { type LayerSpec, buildSequential, checkImageSize } from '../../engine/network/sequential.ts';
import type { SettingName, Recipe } from '../../engine/network/recipe.ts';

/** The settings every recipe has. */
export const commonSettings: readonly SettingName[] = [
  'epochs',
  'batchSize',
  'stepsPerEpoch',
  'learningRate',
  'imageSize',
  'resize',
  'seed',
  'optimizer',
  'schedule',
  'warmupEpochs',
  'patience',
  'keepBest',
  'classWeights',
  'labelSmoothing',
  'mixup',
];

/** The last layer: one sigmoid output for two classes, a softmax for more. */
export function headLayer(classes: number): LayerSpec {
  return classes === 2
    ? { type: 'Dense', units: 1, activation: 'sigmoid' }
    : { type: 'Dense', units: classes, activation: 'softmax' };
}

/** What a stack recipe says of itself. */
export type StackAbout = Pick<Recipe, 'id' | 'label' | 'description' | 'defaultClasses'> & {
  readonly defaults: RecipeDefaultsInput;
};

/** A recipe that trains `layers` and a head from scratch: pixels / 255, cross-entropy. Dropout comes after Flatten. */
export function stackRecipe(about: StackAbout, layers: readonly LayerSpec[]): Recipe {
  const defaults = recipeDefaultsSchema.parse(about.defaults);
  return {
    ...about,
    defaults,
    settingNames: ['lecture', ...commonSettings, 'dropout', 'augmentation'],
    preprocessing: '0-1',
    needsBackbone: false,
    fewImages: 50,
    checkImageSize: (size) => checkImageSize(layers, size),
    build: (tf, { classes, inputShape, seed, settings }) =>
      buildSequential(
        tf,
        [...withDropout(layers, settings?.dropout ?? defaults.dropout), headLayer(classes)],
        {
          inputShape,
          seed,
        },
      ),
    stages: ({ epochs, learningRate }) => [
      { name: 'training', solver: 'gradient-descent', input: 'images', trains: 'all', epochs, learningRate },
    ],
  };
}

function withDropout(layers: readonly LayerSpec[], rate: number): LayerSpec[] {
  return layers.flatMap((layer): LayerSpec[] =>
    rate > 0 && layer.type === 'Flatten' ? [layer, { type: 'Dropout', rate }] : [layer],
  );
}

/** A 3×3 convolution with ReLU. */
export function conv(filters: number): LayerSpec {
  return { type: 'Conv2D', filters, kernelSize: 3, activation: 'relu' };
}

/** A 2×2 max pooling. */
export const pool: LayerSpec = { type: 'MaxPooling2D', poolSize: 2 };
export const flatten: LayerSpec = { type: 'Flatten' };

/** A dense layer with ReLU. */
export function dense(units: number): LayerSpec {
  return { type: 'Dense', units, activation: 'relu' };
}

/** The lesson's stack for cats and dogs. */
export const photoStack: readonly LayerSpec[] = [
  conv(32),
  pool,
  conv(64),
  pool,
  conv(128),
  pool,
  conv(128),
  pool,
  flatten,
  dense(512),
];
