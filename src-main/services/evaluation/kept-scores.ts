/** The scores of each photo of a measured split, kept in the run's folder: curves and thresholds are made from them. */
import { randomUUID } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { makeFolders } from '../../core/files/make-folders.ts';
import type { ScoredPhotos } from '../../core/statistics/confidence/probabilities.ts';
import type { Project } from '../../project/project.ts';
import { runPath } from '../runs/run-files.ts';

const folder = 'scores';

const aboutSchema = z.object({
  /** Beside it: float32, `images × outputs`, before softmax or sigmoid, as the network was trained. */
  file: z.string().regex(/^[a-z]+-[0-9a-f]{8}\.f32$/),
  /** Ids of the photos. */
  images: z.array(z.number().int()),
  labels: z.array(z.number().int().nonnegative()),
  /** What the scores are to be divided by; null: nothing was fitted. */
  temperature: z.number().positive().nullable(),
});

/** Scores of a split with the photos they belong to. */
export interface KeptScores extends ScoredPhotos {
  readonly images: readonly number[];
  readonly labels: readonly number[];
  readonly temperature: number | null;
}

/** A place for the scores of a split, for the engine to write to: its folder is there. */
export async function placeForScores(project: Project, run: string, split: Split): Promise<string> {
  await makeFolders(project.folder, runPath(project, run, folder));
  return runPath(project, run, folder, `${split}-${randomUUID().slice(0, 8)}.f32`);
}

/** Keeps the scores that were written to a place, instead of those of before. */
export async function keepScores(
  project: Project,
  run: string,
  split: Split,
  about: Omit<KeptScores, 'scores' | 'outputs'> & { readonly place: string },
): Promise<void> {
  const { place, images, labels, temperature } = about;
  const file = place.slice(place.length - `${split}-00000000.f32`.length);
  const text = JSON.stringify({ file, images, labels, temperature });
  await writeFileAtomically(runPath(project, run, folder, `${split}.json`), text, project.folder);
  for (const name of await readdir(runPath(project, run, folder))) {
    if (name.startsWith(`${split}-`) && name !== file)
      await rm(runPath(project, run, folder, name), { force: true });
  }
}

/** The scores of a split; null where it was not measured since they are kept, or they are damaged. */
export async function readScores(project: Project, run: string, split: Split): Promise<KeptScores | null> {
  try {
    const text = await readFile(runPath(project, run, folder, `${split}.json`), 'utf8');
    const { file, ...about } = aboutSchema.parse(JSON.parse(text));
    const bytes = await readFile(runPath(project, run, folder, file));
    const scores = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const outputs = scores.length / about.images.length;
    if (!Number.isInteger(outputs) || about.labels.length !== about.images.length) return null;
    return { ...about, scores, outputs };
  } catch {
    return null;
  }
}
