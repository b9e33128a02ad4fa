/** What recipes that build on a pretrained network have in common. */
import { AppError } from '../../contract/shared/errors.ts';
import {
  type RecipeDefaultsInput,
  type RunSettings,
  recipeDefaultsSchema,
} from '../../contract/shared/training-settings.ts';
import { buildTransfer } from '../../engine/transfer/transfer.ts';
import type { Recipe, RecipeStage, SettingName } from '../../engine/network/recipe.ts';
import { commonSettings } from './stack.ts';

/** What a transfer recipe says of itself. */
export type TransferAbout = Pick<Recipe, 'id' | 'label' | 'description' | 'stages'> & {
  readonly defaults: RecipeDefaultsInput;
  readonly settingNames: readonly SettingName[];
  /** Where the settings do not decide what the head looks like. */
  readonly head?: Pick<RunSettings, 'headUnits' | 'dropout' | 'pooling'>;
};

/** Settings of recipes that train a head in steps. */
export const headSettings: readonly SettingName[] = [
  ...commonSettings,
  'backbone',
  'preprocess',
  'pooling',
  'headUnits',
  'dropout',
];

/** A head that can be solved for: one layer on the averaged map, without dropout. */
export const linearHead = { headUnits: 0, dropout: 0, pooling: 'average' } as const;

/** Solves for such a head on the features of the frozen network. */
export const solvedHead: RecipeStage = {
  name: 'head',
  solver: 'l-bfgs',
  input: 'features',
  trains: 'head',
  epochs: 1,
  learningRate: null,
};

/** Trains the network's last layers with the head that is there. */
export function fineTuningStage({
  epochs,
  learningRate,
}: Pick<RunSettings, 'epochs' | 'learningRate'>): RecipeStage {
  return {
    name: 'fine-tuning',
    solver: 'gradient-descent',
    input: 'images',
    trains: 'from',
    epochs,
    learningRate,
  };
}

/** A recipe that puts a head on a pretrained network. */
export function transferRecipe({ head, ...about }: TransferAbout): Recipe {
  const defaults = recipeDefaultsSchema.parse({ ...about.defaults, ...head });
  return {
    ...about,
    defaults,
    defaultClasses: 2,
    preprocessing: null,
    needsBackbone: true,
    fewImages: 10,
    // Whether the images are large enough is for the backbone to say.
    checkImageSize: () => undefined,
    build(tf, { classes, seed, settings, backbone }) {
      if (!backbone) throw new AppError('BACKBONE_NONE');
      return buildTransfer(tf, backbone.model, { ...defaults, ...settings, ...head, classes, seed });
    },
  };
}
