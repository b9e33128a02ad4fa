/** What there is to choose from: the lists that the host which composes the engine hands in. */
import type { TrainingRegistries } from './training/open-training.ts';
import type { FindExportFormat } from './exports/export-format.ts';
import type { FindHeatmapMaker } from './interpretation/photo-heatmaps.ts';

/** All lists that the engine works with. */
export interface EngineRegistries extends TrainingRegistries {
  /** A way to make heatmaps, by id. */
  readonly heatmapMaker: FindHeatmapMaker;
  /** A format that models leave in, by id. */
  readonly findExportFormat: FindExportFormat;
}
