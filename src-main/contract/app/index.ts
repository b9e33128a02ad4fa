/** The whole contract between renderer and main: all that the renderer may import from src-main. */
import { appContract } from './app.ts';
import { augmentationContract } from './augmentation-preview.ts';
import { backbonesContract } from './backbones.ts';
import { checksContract } from './checks.ts';
import { curvesContract } from './judging/curves.ts';
import { datasetsContract } from './datasets.ts';
import { labelsContract } from './labels.ts';
import { explainContract } from './explain.ts';
import { exportsContract } from './exports.ts';
import { mapContract } from './map.ts';
import { projectsContract } from './projects.ts';
import { reportsContract } from './results/reports.ts';
import { resultsContract } from './results/results.ts';
import { settingsContract } from './settings.ts';
import { sortingContract } from './sorting.ts';
import { suggestionsContract } from './suggestions.ts';
import { trainingContract } from './training.ts';

export const contract = {
  app: appContract,
  projects: projectsContract,
  datasets: datasetsContract,
  labels: labelsContract,
  checks: checksContract,
  training: trainingContract,
  results: resultsContract,
  curves: curvesContract,
  reports: reportsContract,
  backbones: backbonesContract,
  explain: explainContract,
  exports: exportsContract,
  map: mapContract,
  sorting: sortingContract,
  suggestions: suggestionsContract,
  augmentation: augmentationContract,
  settings: settingsContract,
};
export type Contract = typeof contract;

export * from './app.ts';
export * from './augmentation-preview.ts';
export * from '../shared/augmentation.ts';
export * from './backbones.ts';
export * from './best-run.ts';
export * from './checks.ts';
export * from './judging/cross-validation.ts';
export * from './judging/curves.ts';
export * from './datasets.ts';
export * from '../shared/calibration.ts';
export * from '../shared/convolution.ts';
export * from '../shared/errors.ts';
export * from '../shared/id-ranges.ts';
export * from '../shared/keras-names.ts';
export * from './explain.ts';
export * from './explain/network.ts';
export * from './explain/activations.ts';
export * from './explain/patterns.ts';
export * from './explain/heatmaps.ts';
export * from './exports.ts';
export * from './labels.ts';
export * from './edits.ts';
export * from './map.ts';
export * from '../shared/media.ts';
export * from './projects.ts';
export * from './results/reports.ts';
export * from './results/results.ts';
export * from './sorting.ts';
export * from './settings.ts';
export * from './suggestions.ts';
export * from '../shared/training-settings.ts';
export * from './judging/test-use.ts';
export * from './training.ts';
export * from './model-summary.ts';
export * from './runs.ts';
export * from '../shared/vocabulary.ts';
export * from '../shared/web-addresses.ts';
