/** Sources that first have to be opened: archives are unpacked into the project, lists are read. */
import { mkdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { ownPath, realInside } from '../../core/files/join-inside.ts';
import { createId } from '../../core/text/ids.ts';
import { sourceFolder } from '../../datasets/tiles/image-location.ts';
import type { ImportSource } from '../../datasets/import/import-run.ts';
import { readListedFiles } from '../../datasets/import/label-list-thread.ts';
import { type UnpackOptions, isZipFile, unpackZip } from '../../datasets/import/zip-archive.ts';
import type { Project } from '../../project/project.ts';
import { markBegun } from '../base/begun-uploads.ts';
import { removeUpload } from '../base/uploads.ts';

/** Spreadsheets too, so that they are refused as what they are. */
const listEndings = /\.(csv|tsv|tab|txt|lst|jsonl?|ndjson|manifest|xlsx?|ods|numbers)$/i;

/**
 * Makes of zip archives and lists of photos what an import can read; other sources stay as they are.
 * @throws AppError DATASET_ARCHIVE_INVALID, DATASET_LABELS_INVALID, DATASET_LIST_COLUMNS, DATASET_LIST_ENCODING,
 *   DATASET_LIST_PHOTOS_MISSING, DISK_FULL, CANCELLED
 */
export async function openSources(
  project: Project,
  sources: readonly ImportSource[],
  options: UnpackOptions,
): Promise<ImportSource[]> {
  const opened: ImportSource[] = [];
  for (const source of sources) opened.push(await openSource(project, source, options));
  return opened;
}

async function openSource(
  project: Project,
  source: ImportSource,
  options: UnpackOptions,
): Promise<ImportSource> {
  const folder = sourceFolder(project.folder, source.root);
  const path = await onlyFile(folder, source.kind === 'upload');
  if (path === null) return source;
  if (!listEndings.test(path)) return (await isZipFile(path)) ? unpack(project, path, options) : source;
  const within = source.kind === 'upload' ? folder : undefined;
  const { root, files, remarks } = await readListedFiles(path, within, options);
  return { kind: source.kind, root: source.kind === 'upload' ? source.root : root, files, remarks };
}

/** The file that a source is, or the list or archive a dropped one holds; null for a folder of photos. */
async function onlyFile(path: string, uploaded: boolean): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (!found.isDirectory()) return path;
  if (!uploaded) return null;
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const [first] = files;
  if (entries.length === 1 && files.length === 1) return realInside(path, first.name);
  return null;
}

/** An archive that cannot be unpacked whole leaves nothing behind. */
async function unpack(project: Project, path: string, options: UnpackOptions): Promise<ImportSource> {
  const id = createId('upload');
  const folder = ownPath(project.folder, 'uploads', id);
  markBegun(project, id);
  mkdirSync(folder, { recursive: true });
  try {
    await unpackZip(path, folder, options);
  } catch (error) {
    await removeUpload(project, id);
    throw error;
  }
  return { kind: 'upload', root: `uploads/${id}` };
}
