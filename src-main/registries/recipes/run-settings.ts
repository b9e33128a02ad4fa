/** The settings of a run: what was wished for, else what the recipe says. */
import {
  type RunSettings,
  type TrainingSettings,
  runSettingsSchema,
} from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../../engine/network/recipe.ts';

/** The seed of runs that were given none. */
const defaultSeed = 1;

/**
 * Fills the open settings with the recipe's.
 * @param images number of training images: without `stepsPerEpoch` an epoch shows each once, or more often where the
 * recipe wants more steps; with null exactly once
 */
export function runSettings(
  { defaults }: Pick<Recipe, 'defaults'>,
  wanted: TrainingSettings,
  images: number,
): RunSettings {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const { minSteps, ...open } = defaults;
  const merged = { ...open, seed: defaultSeed, ...Object.fromEntries(given) };
  const least = wanted.stepsPerEpoch === null ? 1 : minSteps;
  const everyImage = Math.max(least, Math.ceil(images / merged.batchSize));
  return runSettingsSchema.parse({ ...merged, stepsPerEpoch: merged.stepsPerEpoch ?? everyImage });
}
