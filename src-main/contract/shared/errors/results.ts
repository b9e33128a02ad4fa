/** Results of runs: comparing them, and reports. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const resultsErrors = {
  RESULTS_NOT_MEASURED: {
    message: 'The run "{name}" has not been measured on the {split} photos.',
    remedy: 'Measure it on the Results screen, or with "lenslet evaluate".',
  },
  RESULTS_NOTHING_SHARED: {
    message:
      'There is no {split} photo that both "{first}" and "{second}" were measured on and neither learned from.',
    remedy: 'Measure both on the present {split} photos, then compare them again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
