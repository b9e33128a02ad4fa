/** What recipes that build on a pretrained network have in common. */
import { AppError } from '../../contract/shared/errors.ts';
import {
  type RecipeDefaultsInput,
  type RunSettings,
  recipeDefaultsSchema,
} from '../../contract/shared/training-settings.ts';
import { buildTransfer } from '../../engine/transfer/transfer.ts';
import type { SettingName, Recipe } from '../../engine/network/recipe.ts';
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
  'pooling',
  'headUnits',
  'dropout',
];

/** A recipe that puts a head on a pretrained network. */
export function transferRecipe({ head, ...about }: TransferAbout): Recipe {
  const defaults = recipeDefaultsSchema.parse(about.defaults);
  return {
    ...about,
    defaults,
    defaultClasses: 2,
    preprocessing: null,
    needsBackbone: true,
    // Whether the images are large enough is for the backbone to say.
    checkImageSize: () => undefined,
    build(tf, { classes, seed, settings, backbone }) {
      if (!backbone) throw new AppError('BACKBONE_NONE');
      return buildTransfer(tf, backbone.model, { ...defaults, ...settings, ...head, classes, seed });
    },
  };
}
