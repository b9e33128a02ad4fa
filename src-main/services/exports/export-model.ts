/** Takes the model of a run out: written and proved by the engine, with golden photos and what belongs to it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ExportAccuracy, ExportProgress } from '../../contract/app/exports.ts';
import type { ExportAbout, ExportEvent, ExportRequest } from '../../contract/engine/exports.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { findExportFormat } from '../../registries/exports/index.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/runs/runs.ts';
import type { ServiceContext } from '../base/context.ts';
import { holdTiles } from '../project/image-caches.ts';
import { readDataset, runModel } from '../runs/run-files.ts';
import { exportRecord } from './export-folder.ts';
import { chooseGolden, chooseMeasured, writeGolden } from './golden-photos.ts';
import { backboneOf, writeNotices } from './licences.ts';
import { runTile } from '../runs/run-tiles.ts';

/** What was proved. */
export interface Proof {
  readonly checkedBy: string;
  readonly largestDifference: number;
  readonly images: number;
  /** What rounding costs; null where it is too fine to matter. */
  readonly accuracy: ExportAccuracy | null;
}

/**
 * Writes a run's model into a folder, and proves it.
 * @throws AppError EXPORT_…, TRAINING_NO_MODEL, TRAINING_RECORD_LOST, CANCELLED
 */
export async function exportModel(
  context: ServiceContext,
  project: Project,
  run: RunRecord,
  format: string,
  folder: string,
  emit: (event: ExportProgress) => void,
  signal: AbortSignal,
): Promise<Proof> {
  const { settingsFolder } = context;
  const recipe = findRecipe(run.recipe);
  const spec = runTile(recipe, run.settings);
  emit({ type: 'progress', phase: 'choosing golden photos', done: 0, total: null });
  const dataset = await readDataset(project, run.id);
  const golden = await chooseGolden(project, dataset, spec, signal);
  const measured = findExportFormat(format).isMeasured
    ? await chooseMeasured(project, dataset, spec, signal)
    : null;
  const reference = recipe.needsBackbone ? run.settings.backbone : null;
  const about: ExportAbout = {
    lenslet: `Lenslet ${context.info.version}`,
    run: run.id,
    name: run.name,
    recipe: run.recipe,
    createdAt: run.createdAt,
    dataHash: run.dataHash,
    accuracy: run.test?.accuracy ?? null,
    backbone: await backboneOf(settingsFolder, reference),
  };
  const release = holdTiles(project, spec);
  try {
    const { golden: answers, ...done } = await askEngine(
      context,
      {
        format,
        model: runModel(project, run.id),
        classes: run.classes,
        about,
        folder,
        tiles: { path: golden.pack.path, ...spec },
        slots: Array.from(golden.pack.slots),
        ...(measured && {
          measured: {
            slots: Array.from(measured.pack.slots),
            labels: measured.images.map((image) => image[3]),
          },
        }),
      },
      emit,
      signal,
    );
    await writeGolden(project, folder, spec, golden, run.classes, answers);
    await copyPackageFiles(folder, findExportFormat(format).packageFiles ?? {});
    await writeNotices(settingsFolder, folder, reference, about.backbone);
    const { checkedBy, largestDifference, accuracy, tolerance, distanceTolerance } = done;
    const { imageSize, channels, preprocessing } = done;
    const proof = { checkedBy, largestDifference, images: golden.images.length, accuracy };
    const facts = { tolerance, distanceTolerance, imageSize, channels, preprocessing };
    const record = { lensletExport: 1, format, ...proof, ...facts, about };
    await writeFileAtomically(join(folder, exportRecord), `${JSON.stringify(record, null, 2)}\n`);
    return proof;
  } catch (error) {
    const missing = error instanceof AppError && error.code === 'MODEL_NOT_FOUND';
    throw missing ? new AppError('TRAINING_NO_MODEL', { id: run.id }, { cause: error }) : error;
  } finally {
    release();
  }
}

const require = createRequire(import.meta.url);

/** Copies files of packages, such as the library that a page needs. @throws AppError DISK_FULL, FILE_UNWRITABLE */
async function copyPackageFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, path] of Object.entries(files))
    await writeFileAtomically(join(folder, name), await readFile(require.resolve(path)));
}

async function askEngine(
  { engine }: ServiceContext,
  request: ExportRequest,
  emit: (event: ExportProgress) => void,
  signal: AbortSignal,
): Promise<Extract<ExportEvent, { type: 'done' }>> {
  return engine.ask(async (process) => {
    for await (const event of await process.exportModel(request, { signal })) {
      if (event.type === 'done') return event;
      emit(event);
    }
    throw new AppError('CANCELLED');
  }, signal);
}
