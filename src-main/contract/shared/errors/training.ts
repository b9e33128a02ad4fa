/** Training and runs. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const trainingErrors = {
  TRAINING_RECIPE_UNKNOWN: {
    message: 'There is no recipe "{id}".',
    remedy: 'Choose one of: {known}.',
  },
  TRAINING_ALREADY_RUNNING: {
    message: 'A run is already training.',
    remedy: 'Stop it or wait for it, then start the next one.',
  },
  TRAINING_NOT_RUNNING: {
    message: 'The run "{id}" is not training now.',
    remedy: 'Start a new run, or resume it if it was interrupted.',
  },
  TRAINING_NOT_RESUMABLE: {
    message: 'The run "{id}" cannot be resumed: {reason}.',
    remedy: 'Start a new run with the same settings.',
  },
  TRAINING_WITHOUT_STEPS: {
    message: 'The recipe "{recipe}" solves for the best head at once: it has no epochs and no learning rate.',
    remedy: 'To train a head in steps, choose the recipe "feature-extraction".',
  },
  TRAINING_LAYER_UNKNOWN: {
    message: 'The pretrained network has no layer "{layer}" to begin fine-tuning at.',
    remedy: 'Choose one of these: {known}.',
  },
  TRAINING_DIVERGED: {
    message: 'The loss became {loss} in epoch {epoch}: the training diverged.',
    remedy: 'Use a learning rate ten times smaller.',
  },
  TRAINING_DATA_CHANGED: {
    message: 'The dataset changed since the run started.',
    remedy: 'Start a new run on the dataset as it is now.',
  },
  TRAINING_AUGMENTATION_INVALID: {
    message: 'The augmentation settings do not fit: {reason}.',
    remedy: 'Correct that value, or choose a preset.',
  },
  TRAINING_RECORD_LOST: {
    message: 'The record of the images that the run "{id}" was trained on ({file}) is missing or damaged.',
    remedy:
      'Without it the run can neither be resumed nor tested fairly; its model still predicts. Start a new run with the same settings.',
  },
  TRAINING_RUN_DAMAGED: {
    message: 'The record of the run “{name}” is damaged: {reason}.',
    remedy: 'Remove the run. Your photos, their labels and all other runs are not affected.',
  },
  TRAINING_NO_MODEL: {
    message: 'The run "{id}" has no saved model yet.',
    remedy: 'Let it finish at least one epoch.',
  },
} as const satisfies Record<string, CatalogueEntry>;
