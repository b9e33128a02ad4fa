/** Entry point of the thread that reads lists of labels: one may have a million rows. */
import { AppError } from '../../contract/shared/errors.ts';
import { type FileList, filesOfList } from './listed-files.ts';
import type { FoundFile } from './scan.ts';
import { answerTask, ask, tellProgress } from '../../core/threads/task-worker.ts';
import { readLabelFile } from '../label-files/index.ts';
import type { NamedPhoto } from '../label-files/match-rows.ts';
import { type PlannedLabels, planFromFolders, planFromList } from '../label-files/plan-labels.ts';

/** What is wanted of a list. */
export type LabelListTask =
  /** Labels for the photos of a project, which are asked for in pages; without a path those of their folders. */
  | { readonly kind: 'plan'; readonly path: string | null }
  /** The photos a list names, handed over in pages. */
  | { readonly kind: 'files'; readonly path: string; readonly within: string | undefined };

/** What the thread asks for. */
export type LabelListQuestion =
  { readonly kind: 'photos' } | { readonly kind: 'files'; readonly files: readonly FoundFile[] };

/** So many are cloned in a few milliseconds. */
const pageSize = 2000;
/** A column that holds something else than labels has a different value in each row. */
const maxClasses = 10_000;

async function photosOfProject(): Promise<NamedPhoto[]> {
  const photos: NamedPhoto[] = [];
  for (;;) {
    const page = (await ask({ kind: 'photos' } satisfies LabelListQuestion)) as NamedPhoto[];
    if (page.length === 0) return photos;
    for (const photo of page) photos.push(photo);
  }
}

async function plan(path: string | null): Promise<PlannedLabels> {
  const list = path === null ? null : await readLabelFile(path, tellProgress);
  const photos = await photosOfProject();
  if (path === null || list === null) return planFromFolders(photos);
  const planned = planFromList(list, photos);
  if (planned.labels.length <= maxClasses) return planned;
  const reason = `it has ${planned.labels.length} different labels, where at most ${maxClasses} are read`;
  throw new AppError('DATASET_LABELS_INVALID', { path, reason });
}

async function files(path: string, within: string | undefined): Promise<Omit<FileList, 'files'>> {
  const found = filesOfList(path, await readLabelFile(path, tellProgress), within);
  for (let at = 0; at < found.files.length; at += pageSize) {
    const page = found.files.slice(at, at + pageSize);
    await ask({ kind: 'files', files: page } satisfies LabelListQuestion);
  }
  return { root: found.root, remarks: found.remarks };
}

await answerTask((task: LabelListTask) =>
  task.kind === 'plan' ? plan(task.path) : files(task.path, task.within),
);
