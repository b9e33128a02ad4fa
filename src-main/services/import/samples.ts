/** "Try with sample images": a project with pictures drawn on the spot, nothing downloaded. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Project as ProjectInfo } from '../../contract/app/projects.ts';
import { parallelDecodes, mapInOrder } from '../../core/threads/map-in-order.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { type SamplePicture, samplePictures } from '../../datasets/samples/sample-scenes.ts';
import type { ServiceContext } from '../base/context.ts';
import type { Imports } from './imports.ts';
import type { ProjectKeeper } from '../project/projects.ts';

/** Pictures of each class: enough to learn from, few enough to be there at once. */
const perClass = 100;
const sampleSeed = 7;
/** Where the pictures lie, inside the project. */
const samplesRoot = 'samples';

/**
 * Makes a project and begins to draw and import the sample pictures. Returns at once; the rest follows as events.
 * @throws AppError FILE_UNWRITABLE, DISK_FULL, DATASET_IMPORT_RUNNING, PROJECT_BUSY unless `interrupt`
 */
export async function createSampleProject(
  context: ServiceContext,
  projects: ProjectKeeper,
  imports: Imports,
  interrupt?: boolean,
): Promise<{ project: ProjectInfo; importId: string }> {
  const project = await projects.create({ name: 'Sample images', interrupt });
  const folder = join(context.project().folder, samplesRoot);
  const { importId } = imports.start({
    sources: [{ kind: 'sample', root: samplesRoot }],
    label: 'sample images',
    prepare: { phase: 'drawing', work: (onProgress, signal) => drawSamples(folder, onProgress, signal) },
  });
  return { project, importId };
}

/**
 * Draws the sample pictures into class folders.
 * @throws AppError CANCELLED, DISK_FULL, FILE_UNWRITABLE
 */
export async function drawSamples(
  folder: string,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const pictures = samplePictures(sampleSeed, perClass);
  let done = 0;
  const draw = (picture: SamplePicture): Promise<void> => drawTo(join(folder, picture.path), picture);
  const drawn = mapInOrder(pictures, parallelDecodes, draw, signal);
  while (!(await drawn.next()).done) onProgress(++done, pictures.length);
}

async function drawTo(path: string, picture: SamplePicture): Promise<void> {
  const bytes = await picture.draw();
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
  } catch (error) {
    throw fromWriteError(error, path);
  }
}
