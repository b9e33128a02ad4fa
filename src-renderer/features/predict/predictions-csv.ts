/** Predictions as a file. */
import { downloadCsv } from '../../shared/composables/download.ts';
import type { ShownPrediction } from './store.ts';

/**
 * Saves predictions as CSV: a row each, with the probability of every class.
 * @param classes names of all classes that any of the runs tells apart
 * @param runName the name of a run by its id
 */
export function savePredictionsCsv(
  shown: readonly ShownPrediction[],
  classes: readonly string[],
  runName: (id: string) => string,
): void {
  downloadCsv(
    'predictions.csv',
    ['image', 'run', 'label', 'probability', 'unknown', ...classes],
    shown.map((item) => [
      item.image,
      runName(item.run),
      item.label,
      item.probability,
      item.unknown === null ? null : String(item.unknown !== false),
      ...classes.map((name) => item.probabilities[name] ?? null),
    ]),
  );
}
