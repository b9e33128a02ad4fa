/** Labels from files and folder names, as one edit that is previewed first. */
import { nextPlacedImages } from '../../project/images/sources.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Edit } from '../../contract/app/edits.ts';
import type { LabelImportPreview } from '../../contract/app/labels.ts';
import { planLabels } from '../../datasets/import/label-list-thread.ts';
import type { NamedPhoto } from '../../datasets/label-files/match-rows.ts';
import { findClass } from '../../project/images/classes.ts';
import { previewEdit } from '../../project/edits/preview.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { listUpload } from '../base/uploads.ts';

/** Which file: a pick, an upload with one file in it, or neither for the photos' own folders. */
export interface LabelFile {
  readonly pick?: string | undefined;
  readonly upload?: string | undefined;
}

/** The edit that takes the labels over, and what it would do. */
export interface LabelImport {
  readonly edit: Edit;
  readonly preview: LabelImportPreview;
}

/** So many are read and cloned in a few milliseconds. */
const pageSize = 2000;

/**
 * Reads labels and plans the edit.
 * @throws AppError DATASET_LABELS_INVALID, FILE_UNREADABLE, NOT_FOUND, CANCELLED
 */
export async function planLabelImport(
  context: ServiceContext,
  file: LabelFile,
  signal?: AbortSignal,
): Promise<LabelImport> {
  const project = context.project();
  const path = await pathOf(context, project, file);
  const { labels, splits, unmatchedExamples, ...counts } = await planLabels(
    path,
    pagesOfPhotos(context, project),
    { signal },
  );
  const edit: Edit = {
    kind: 'assign',
    what: (path === null ? 'the folder names' : (path.split(/[\\/]/).at(-1) ?? path)).slice(0, 200),
    labels: labels.map(({ name, images }) => ({ name: name?.slice(0, 120) ?? null, images })),
    splits: [...splits],
  };
  const { images } = await previewEdit(project.database, edit);
  const names = edit.labels.flatMap(({ name }) => name ?? []);
  const newClasses = names.filter((name) => findClass(project.database, name) === null).sort();
  const preview = { ...counts, unmatchedExamples: [...unmatchedExamples], newClasses, changed: images };
  return { edit, preview };
}

async function pathOf(
  context: ServiceContext,
  project: Project,
  { pick, upload }: LabelFile,
): Promise<string | null> {
  if (pick !== undefined) return context.pickedPaths.resolve(pick);
  if (upload === undefined) return null;
  const files = await listUpload(project, upload);
  if (files.length !== 1) throw new AppError('UPLOAD_INVALID', { reason: 'one file of labels was expected' });
  return files[0].absolutePath;
}

/**
 * All photos of the project in the order of their ids, some at a time.
 * @throws AppError CANCELLED when the project was closed meanwhile
 */
function* pagesOfPhotos(context: ServiceContext, project: Project): Generator<readonly NamedPhoto[], void> {
  if (context.openedProject() !== project) throw new AppError('CANCELLED');
  for (let last = 0; ;) {
    const photos = nextPlacedImages(project.database, last, pageSize);
    if (photos.length === 0) return;
    yield photos;
    last = photos.at(-1)!.id;
    if (context.openedProject() !== project) throw new AppError('CANCELLED');
  }
}
