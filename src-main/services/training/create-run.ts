/** A new run: its folder and its row in the database. */
import { createId } from '../../core/text/ids.ts';
import { storageFailure } from '../../project/database/database-error.ts';
import type { Project } from '../../project/project.ts';
import { countRuns, insertRun } from '../../project/runs/runs.ts';
import type { ServiceContext } from '../base/context.ts';
import {
  type RunDataset,
  collectDataset,
  hashDataset,
  removeRunFolder,
  writeRunFiles,
} from '../runs/run-files.ts';
import type { LayerTables } from './layer-tables.ts';
import type { CompletedDraft } from './training-draft.ts';

/** A run that can begin. */
export interface CreatedRun {
  readonly id: string;
  readonly dataset: RunDataset;
}

/**
 * Writes down a run with the photos it will train on.
 * @param series shared by runs that repeat one training; null for single runs
 * @throws AppError MODEL_…, BACKEND_…, PROJECT_GONE, DISK_FULL, FILE_UNWRITABLE: then nothing is left of it
 */
export async function createRun(
  context: ServiceContext,
  project: Project,
  layerTables: LayerTables,
  { recipe, settings, classes, counts }: CompletedDraft,
  series: string | null,
): Promise<CreatedRun> {
  const summary = await layerTables.of(recipe, classes.length, settings);
  const { engine, device, version: engineVersion } = await context.engine.describe();
  const dataset = await collectDataset(project, classes);
  const id = createId('run');
  const record = {
    id,
    name: `${recipe.label} ${countRuns(project.database) + 1}`,
    recipe: recipe.id,
    createdAt: new Date().toISOString(),
    engine,
    device,
    settings,
    classes: [...classes],
    dataHash: await hashDataset(dataset),
    params: summary.params,
    trainableWeights: summary.trainableWeights,
  };
  const { version: lenslet } = context.info;
  const about = { ...record, engineVersion, lenslet, seed: settings.seed, counts, summary };
  const empty = { seconds: 0, history: [], test: null, error: null, notes: '', series, computing: null };
  try {
    await writeRunFiles(project, id, about, dataset);
    project.identity.require();
    insertRun(project.database, { ...record, status: 'preparing', ...empty });
  } catch (error) {
    await removeRunFolder(project, id).catch(() => undefined);
    throw storageFailure(error, project.folder) ?? error;
  }
  return { id, dataset };
}
