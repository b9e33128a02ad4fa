/** The folder of a run: what it was trained on and with, beside the model and the checkpoint the engine writes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { type Split, splitSchema } from '../contract/vocabulary.ts';
import { checkpointFile } from '../engine/checkpoint.ts';
import { writeFileAtomically } from '../project/folder-storage.ts';
import { type ImageRow, findImages, labelledImages } from '../project/images.ts';
import { listClasses } from '../project/classes.ts';
import type { Project } from '../project/project.ts';

const datasetSchema = z.object({
  classes: z.array(z.string()),
  /** Id in the project, hash of the content, path, class index, split. */
  images: z.array(z.tuple([z.number().int(), z.string(), z.string(), z.number().int(), splitSchema])),
});
/** The images a run is trained, validated and tested on, as they were when it began. */
export type RunDataset = z.infer<typeof datasetSchema>;

/** The folder of a run. */
export function runFolder(project: Project, run: string): string {
  return join(project.runsFolder, run);
}

/** The model of a run; need not exist yet. */
export function runModel(project: Project, run: string): string {
  return join(runFolder(project, run), 'model', 'model.json');
}

/** True when a run has a checkpoint to go on from. */
export function hasCheckpoint(project: Project, run: string): boolean {
  return existsSync(join(runFolder(project, run), checkpointFile));
}

/** All labelled images that are in a split, with class indices by `classes`. */
export function collectDataset(project: Project, classes: readonly string[]): RunDataset {
  const indices = new Map(listClasses(project.database).map(({ id, name }) => [id, classes.indexOf(name)]));
  const rows = (['train', 'validation', 'test'] as const).flatMap((split) =>
    labelledImages(project.database, split).map((row) => ({ ...row, split })),
  );
  return {
    classes: [...classes],
    images: rows.flatMap(({ id, hash, path, classId, split }) => {
      const label = indices.get(classId!) ?? -1;
      return label < 0 ? [] : [[id, hash, path, label, split] as RunDataset['images'][number]];
    }),
  };
}

/** SHA-256 over the sorted content hashes with class names and splits: the same data give the same hash. */
export function hashDataset({ images, classes }: RunDataset): string {
  const lines = images.map(([, hash, , label, split]) => `${hash}\t${classes[label]}\t${split}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Makes a run's folder with `run.json` (what it is) and `dataset.json` (what it learns from). */
export async function writeRunFiles(
  project: Project,
  run: string,
  about: object,
  dataset: RunDataset,
): Promise<void> {
  const folder = runFolder(project, run);
  await mkdir(folder, { recursive: true });
  await writeFileAtomically(join(folder, 'dataset.json'), JSON.stringify(dataset));
  await writeFileAtomically(join(folder, 'run.json'), `${JSON.stringify(about, null, 2)}\n`);
}

/** What a run was trained on. @throws AppError TRAINING_NOT_RESUMABLE when its record is gone or damaged */
export async function readDataset(project: Project, run: string): Promise<RunDataset> {
  try {
    const content = await readFile(join(runFolder(project, run), 'dataset.json'), 'utf8');
    return datasetSchema.parse(JSON.parse(content));
  } catch (error) {
    const reason = 'the record of its images is gone';
    throw new AppError('TRAINING_NOT_RESUMABLE', { id: run, reason }, { cause: error });
  }
}

/**
 * The images of one split of a recorded dataset, as the project has them now.
 * @throws AppError TRAINING_DATA_CHANGED when one is gone or has other content
 */
export function imagesOf(
  project: Project,
  dataset: RunDataset,
  split: Split,
): { rows: ImageRow[]; labels: number[] } {
  const wanted = dataset.images.filter((image) => image[4] === split);
  const rows = findImages(
    project.database,
    wanted.map(([id]) => id),
  );
  if (rows.length !== wanted.length || rows.some((row, i) => row.hash !== wanted[i][1])) {
    throw new AppError('TRAINING_DATA_CHANGED');
  }
  return { rows, labels: wanted.map((image) => image[3]) };
}

/** Removes a run's folder with all that is in it. */
export async function removeRunFolder(project: Project, run: string): Promise<void> {
  await rm(runFolder(project, run), { recursive: true, force: true });
}
