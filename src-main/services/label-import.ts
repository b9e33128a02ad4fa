/** Labels from files and folder names, as one edit that is previewed first. */
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../contract/errors.ts';
import { packRanges } from '../contract/id-ranges.ts';
import type { Edit, LabelImportPreview } from '../contract/labels.ts';
import type { Split } from '../contract/vocabulary.ts';
import { readLabelFile } from '../datasets/label-files/index.ts';
import { type NamedPhoto, matchRows } from '../datasets/label-files/match-rows.ts';
import { splitOfName } from '../datasets/scan-names.ts';
import { findClass } from '../project/classes.ts';
import { previewEdit } from '../project/journal.ts';
import type { Project } from '../project/project.ts';
import type { ServiceContext } from './context.ts';
import { listUpload } from './uploads.ts';

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

const examples = 5;

/**
 * Reads labels and plans the edit.
 * @throws AppError DATASET_LABELS_INVALID, FILE_UNREADABLE, NOT_FOUND
 */
export async function planLabelImport(context: ServiceContext, file: LabelFile): Promise<LabelImport> {
  const project = context.project();
  const path = await pathOf(context, project, file);
  const photos = namedPhotos(project.database);
  if (path === null) return planFromFolders(project, photos);
  const list = await readLabelFile(path);
  const { matched, unmatched, ambiguous } = matchRows(list.rows, photos);
  const answers = matched.map(({ row, id }) => ({ id, label: row.label, split: row.split }));
  const labels = list.rows.every(({ label }) => label === null) ? [] : answers;
  const edit = toEdit(path.split(/[\\/]/).at(-1) ?? path, labels, answers);
  return finish(project, edit, {
    format: list.format,
    matched: matched.length,
    unmatched: unmatched.length,
    unmatchedExamples: unmatched.slice(0, examples).map((row) => row.path),
    ambiguous: ambiguous + list.ambiguous,
  });
}

async function pathOf(
  context: ServiceContext,
  project: Project,
  { pick, upload }: LabelFile,
): Promise<string | null> {
  if (pick !== undefined) return context.picks.resolve(pick);
  if (upload === undefined) return null;
  const files = await listUpload(project, upload);
  if (files.length !== 1) throw new AppError('UPLOAD_INVALID', { reason: 'one file of labels was expected' });
  return files[0].absolutePath;
}

function namedPhotos(database: DatabaseSync): NamedPhoto[] {
  return database
    .prepare(
      'SELECT image.id, path, source.root FROM image JOIN source ON source.id = source_id ORDER BY image.id',
    )
    .all() as unknown as NamedPhoto[];
}

interface Answer {
  readonly id: number;
  readonly label: string | null;
  readonly split: Split | null | undefined;
}

function toEdit(what: string, labels: readonly Answer[], splits: readonly Answer[]): Edit {
  const byLabel = Map.groupBy(labels, ({ label }) => label);
  const bySplit = Map.groupBy(
    splits.filter(({ split }) => split !== undefined),
    ({ split }) => split ?? null,
  );
  const idsOf = (answers: readonly Answer[]): string => packRanges(answers.map(({ id }) => id));
  return {
    kind: 'assign',
    what: what.slice(0, 200),
    labels: [...byLabel].map(([name, answers]) => ({
      name: name?.slice(0, 120) ?? null,
      images: idsOf(answers),
    })),
    splits: [...bySplit].map(([split, answers]) => ({ split, images: idsOf(answers) })),
  };
}

/** What the photos' own folders say: the first folder below what all photos of a source share, splits passed over. */
function planFromFolders(project: Project, photos: readonly NamedPhoto[]): LabelImport {
  const answers: Answer[] = [];
  for (const members of Map.groupBy(photos, ({ root }) => root).values()) {
    const folders = members.map(({ path }) => path.split('/').slice(0, -1));
    const wrapper = sharedStart(folders);
    members.forEach(({ id }, at) => {
      const inner = folders[at].slice(wrapper);
      const label = inner.find((name) => splitOfName(name) === null);
      if (label !== undefined) answers.push({ id, label: label.normalize('NFC'), split: undefined });
    });
  }
  const edit = toEdit('the folder names', answers, []);
  return finish(project, edit, {
    format: 'folders',
    matched: answers.length,
    unmatched: photos.length - answers.length,
    unmatchedExamples: [],
    ambiguous: 0,
  });
}

/** How many folders all paths begin with alike. */
function sharedStart(folders: readonly (readonly string[])[]): number {
  const [first, ...others] = folders;
  let shared = 0;
  while (shared < (first?.length ?? 0) && others.every((path) => path[shared] === first[shared])) shared++;
  // One class in one folder: that folder is its name, not a wrapper.
  return others.length > 0 && folders.every(({ length }) => length === shared)
    ? Math.max(0, shared - 1)
    : shared;
}

function finish(
  project: Project,
  edit: Extract<Edit, { kind: 'assign' }> | Edit,
  counts: Omit<LabelImportPreview, 'newClasses' | 'changed'>,
): LabelImport {
  const { images } = previewEdit(project.database, edit);
  const names = edit.kind === 'assign' ? edit.labels.flatMap(({ name }) => name ?? []) : [];
  const newClasses = names.filter((name) => findClass(project.database, name) === null).sort();
  return { edit, preview: { ...counts, newClasses, changed: images } };
}
