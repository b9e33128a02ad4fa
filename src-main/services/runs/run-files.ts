/** The folder of a run: what it was trained on and with, beside the model and the checkpoint the engine writes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { setImmediate as letOthers } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { splitSchema } from '../../contract/shared/vocabulary.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { runIdSchema } from '../../core/text/ids.ts';
import { checkpointFile } from '../../engine/training/checkpoint.ts';
import { removeUnfinished, writeFileAtomically } from '../../core/files/folder-storage.ts';
import { labelledPages } from '../../project/images/labelled-pages.ts';
import { listClasses } from '../../project/images/classes.ts';
import type { Project } from '../../project/project.ts';

const runImageSchema = z.tuple([
  z.number().int(),
  z.string(),
  z.string(),
  z.number().int().nonnegative(),
  splitSchema,
]);
/** One image of a run: id in the project, hash of its content, path (for people), class index, split. */
export type RunImage = Readonly<z.infer<typeof runImageSchema>>;

/** The images a run is trained, validated and tested on, as they were when it began. */
export interface RunDataset {
  /** Names, as they were. */
  readonly classes: readonly string[];
  /** Their ids, which stay when a class is renamed; null for runs of before these were kept. */
  readonly classIds: readonly number[] | null;
  readonly images: readonly RunImage[];
}

/** Its first line holds the classes, each further one an image. */
const datasetFile = 'dataset.jsonl';
/** Lines that are read or written before others have their turn. */
const linesAtOnce = 5000;

/**
 * A place in the folder of a run; need not exist yet. Ids come from the project's database, which may be a stranger's.
 * @param names below the folder, joined
 * @throws AppError NOT_FOUND for what is not an id, PATH_IS_LINK
 */
export function runPath(project: Project, run: string, ...names: readonly string[]): string {
  if (!runIdSchema.safeParse(run).success) throw new AppError('NOT_FOUND', { what: 'run', id: run });
  return ownPath(project.folder, 'runs', run, ...names);
}

/** The model of a run; need not exist yet. @throws AppError as `runPath` */
export function runModel(project: Project, run: string): string {
  return runPath(project, run, 'model', 'model.json');
}

/** Removes what killed writing left in the folder of a run that nothing works on. */
export function sweepRun(project: Project, run: string): void {
  try {
    removeUnfinished(runPath(project, run));
  } catch (error) {
    // A folder that is a link, in a stranger's project: it is not ours.
    if (!(error instanceof AppError)) throw error;
  }
}

/** True when a run has a checkpoint to continue from. */
export function hasCheckpoint(project: Project, run: string): boolean {
  try {
    return existsSync(runPath(project, run, checkpointFile));
  } catch {
    // What lies behind a link, or under a name that is not an id, is not a checkpoint.
    return false;
  }
}

/** All labelled images that are in a split, in the order of their content, with class indices by `classes`. */
export async function collectDataset(project: Project, classes: readonly string[]): Promise<RunDataset> {
  const known = listClasses(project.database);
  const indices = new Map(known.map(({ id, name }) => [id, classes.indexOf(name)]));
  const classIds = classes.map((wanted) => known.find(({ name }) => name === wanted)?.id ?? 0);
  const images: RunImage[] = [];
  for await (const page of labelledPages(project.database)) {
    for (const { id, hash, path, classId, split } of page) {
      const label = indices.get(classId) ?? -1;
      if (label >= 0) images.push([id, hash, path, label, split]);
    }
  }
  return { classes: [...classes], classIds, images };
}

/**
 * SHA-256 over the images' content hashes, class names and splits, sorted: the same data give the same hash.
 * @param dataset in the order of content, as collected
 */
export async function hashDataset({ images, classes }: RunDataset): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < images.length; start += linesAtOnce) {
    const lines = images.slice(start, start + linesAtOnce);
    hash.update(
      lines.map(([, content, , label, split]) => `${content}\t${classes[label]}\t${split}\n`).join(''),
    );
    await letOthers();
  }
  return hash.digest('hex');
}

/** Makes a run's folder with `run.json` (what it is) and `dataset.jsonl` (what it learns from). */
export async function writeRunFiles(
  project: Project,
  run: string,
  about: object,
  { classes, classIds, images }: RunDataset,
): Promise<void> {
  const chunks = [`${JSON.stringify({ classes, classIds })}\n`];
  for (let start = 0; start < images.length; start += linesAtOnce) {
    const lines = images.slice(start, start + linesAtOnce).map((image) => `${JSON.stringify(image)}\n`);
    chunks.push(lines.join(''));
    await letOthers();
  }
  await writeFileAtomically(
    runPath(project, run, datasetFile),
    Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
    project.folder,
  );
  const text = `${JSON.stringify(about, null, 2)}\n`;
  await writeFileAtomically(runPath(project, run, 'run.json'), text, project.folder);
}

/** What a run was trained on. @throws AppError TRAINING_RECORD_LOST when its record is gone or damaged */
export async function readDataset(project: Project, run: string): Promise<RunDataset> {
  try {
    const content = await readFile(runPath(project, run, datasetFile), 'utf8');
    const [first, ...lines] = content.trimEnd().split('\n');
    const { classes, classIds } = classesSchema.parse(JSON.parse(first));
    const images: RunImage[] = [];
    for (let start = 0; start < lines.length; start += linesAtOnce) {
      for (const line of lines.slice(start, start + linesAtOnce))
        images.push(runImageSchema.parse(JSON.parse(line)));
      await letOthers();
    }
    return { classes, classIds, images };
  } catch (error) {
    throw new AppError('TRAINING_RECORD_LOST', { id: run, file: datasetFile }, { cause: error });
  }
}

const classesSchema = z.object({
  classes: z.array(z.string()),
  classIds: z.array(z.number().int()).nullable().default(null),
});

/**
 * Which output of a run's model each present class is, by class id; −1 for classes it does not know. A renamed class is
 * the same; one that was made anew under the name of a removed one takes its place.
 */
export function outputsByClass(
  present: readonly { readonly id: number; readonly name: string }[],
  { classes, classIds }: Pick<RunDataset, 'classes' | 'classIds'>,
): Map<number, number> {
  const ids = new Set(present.map(({ id }) => id));
  const outputOf = ({ id, name }: { readonly id: number; readonly name: string }): number => {
    const byId = classIds?.indexOf(id) ?? -1;
    if (byId >= 0) return byId;
    const byName = classes.indexOf(name);
    return classIds !== null && ids.has(classIds[byName]) ? -1 : byName;
  };
  return new Map(present.map((one) => [one.id, outputOf(one)]));
}

/**
 * Removes a run's folder with all that is in it. What is under a name that Lenslet never makes, or behind a link, is
 * not the run's, and stays.
 */
export async function removeRunFolder(project: Project, run: string): Promise<void> {
  let folder: string;
  try {
    folder = runPath(project, run);
  } catch {
    return;
  }
  await rm(folder, { recursive: true, force: true });
}
