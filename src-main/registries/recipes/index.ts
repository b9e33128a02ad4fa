/** All recipes, in the order shown. Adding one is adding its file and its line here. */
import { AppError } from '../../contract/shared/errors.ts';
import { augmented } from './augmented.ts';
import { featureExtraction } from './feature-extraction.ts';
import { fineTuning } from './fine-tuning.ts';
import { frozenAugmented } from './frozen-augmented.ts';
import { linearProbe } from './linear-probe.ts';
import { mnistNoPooling } from './mnist-no-pooling.ts';
import { mnist } from './mnist.ts';
import type { Recipe } from '../../engine/network/recipe.ts';
import { tunedProbe } from './tuned-probe.ts';
import { scratch } from './scratch.ts';

export const recipes: readonly Recipe[] = [
  linearProbe,
  tunedProbe,
  featureExtraction,
  frozenAugmented,
  fineTuning,
  scratch,
  augmented,
  mnist,
  mnistNoPooling,
];
export type { Recipe };

/** A recipe by id. @throws AppError TRAINING_RECIPE_UNKNOWN */
export function findRecipe(id: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.id === id);
  if (recipe) return recipe;
  throw new AppError('TRAINING_RECIPE_UNKNOWN', { id, known: recipes.map((known) => known.id).join(', ') });
}
