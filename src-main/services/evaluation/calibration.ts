/** Fitting temperature and limits of a run to its validation photos: never to those of the test. */
import { setImmediate as letOthers } from 'node:timers/promises';
import type { Calibration } from '../../contract/shared/calibration.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { folderStorage } from '../../core/files/folder-storage.ts';
import { permutation, stream } from '../../core/random/random.ts';
import { packIntegers } from '../../core/statistics/packed-integers.ts';
import { readCalibration } from '../../engine/inference/calibration-file.ts';
import type { Project } from '../../project/project.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import type { ServiceContext } from '../base/context.ts';
import { type RunImage, readDataset, runModel, runPath } from '../runs/run-files.ts';
import { requireRun } from '../runs/run-states.ts';
import { runTile, tilesOf } from '../runs/run-tiles.ts';

/** Share of right answers that is kept where nobody asks for another. */
export const usualKeep = 0.95;
/** Training photos that distances are measured to. */
const referencePhotos = 2000;
/** Validation photos that are enough. */
const validationPhotos = 10_000;

/** Progress and cancel. */
export interface CalibrateOptions {
  readonly keep?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Fits temperature, limits and sets to the validation photos a run was trained with, and keeps them with its model.
 * @throws AppError NOT_FOUND, TRAINING_NO_MODEL, TRAINING_RECORD_LOST, DATASET_TILES_MISSING, CANCELLED, BACKEND_…
 */
export async function calibrateRun(
  context: ServiceContext,
  project: Project,
  run: string,
  { keep = usualKeep, signal, onProgress }: CalibrateOptions = {},
): Promise<Calibration> {
  const { settings, recipe } = requireRun(project, run);
  const { images } = await readDataset(project, run);
  const train = await drawn(images, 'train', referencePhotos, settings.seed);
  const validation = await drawn(images, 'validation', validationPhotos, settings.seed);
  const spec = runTile(findRecipe(recipe), settings);
  const wanted = [...train, ...validation].map(([id, hash]) => ({ id, hash }));
  const pack = await tilesOf(project, wanted, spec, { signal, onProgress });
  const request = {
    model: runModel(project, run),
    tiles: { path: pack.path, ...spec },
    train: packIntegers(pack.slots.subarray(0, train.length)),
    validation: {
      slots: packIntegers(pack.slots.subarray(train.length)),
      labels: packIntegers(validation.map((image) => image[3])),
    },
    keep,
  };
  return context.engine
    .ask(async (engine) => {
      for await (const event of await engine.calibrate(request, { signal })) {
        if (event.type === 'done') return event.calibration;
        onProgress?.(event.done, event.total);
      }
      throw new AppError('CANCELLED');
    }, signal)
    .catch((error: unknown) => {
      const missing = error instanceof AppError && error.code === 'MODEL_NOT_FOUND';
      throw missing ? new AppError('TRAINING_NO_MODEL', { id: run }, { cause: error }) : error;
    });
}

/** What was fitted for a run's model as it is now; null where nothing was. @throws AppError NOT_FOUND */
export async function calibrationOf(project: Project, run: string): Promise<Calibration | null> {
  return readCalibration(folderStorage(runPath(project, requireRun(project, run).id, 'model')), 'model.json');
}

/** So many images of a split at most, drawn from the run's seed. */
async function drawn(
  images: readonly RunImage[],
  split: 'train' | 'validation',
  most: number,
  seed: number,
): Promise<RunImage[]> {
  const all = images.filter((image) => image[4] === split);
  await letOthers();
  if (all.length <= most) return all;
  const order = permutation(all.length, stream(seed, 'calibration', split));
  return Array.from(order.subarray(0, most), (place) => all[place]);
}
