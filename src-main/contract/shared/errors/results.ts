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
  REPORT_KIND_UNKNOWN: {
    message: 'What kind of report "{name}" is to be cannot be told from its ending.',
    remedy: 'End the name in .html or .pdf for a report, or in .md for a model card.',
  },
  REPORT_NO_BROWSER: {
    message: 'No browser that prints PDF files was found on this computer.',
    remedy: 'Write the report as HTML and print that, or install Chromium, Chrome or Edge.',
  },
  REPORT_NOT_PRINTED: {
    message: 'The browser did not print the report: {reason}.',
    remedy: 'Write the report as HTML and print that.',
  },
} as const satisfies Record<string, CatalogueEntry>;
