/** Sources that first have to be opened: archives are unpacked into the project, lists are read. */
import { mkdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { ownPath, realInside } from '../../core/files/join-inside.ts';
import { createId } from '../../core/text/ids.ts';
import { sourceFolder } from '../../datasets/tiles/image-location.ts';
import type { ImportSource } from '../../datasets/import/import-run.ts';
import { readListedFiles } from '../../datasets/import/label-list-thread.ts';
import { type UnpackOptions, isZipFile, otherArchive, unpackZip } from '../../datasets/import/zip-archive.ts';
import { byCodePoint, isHiddenName } from '../../datasets/label-files/scan-names.ts';
import type { Project } from '../../project/project.ts';
import { markBegun } from '../base/begun-uploads.ts';
import { removeUpload } from '../base/uploads.ts';

/** Spreadsheets too, so that they are refused as what they are. */
const listEndings = /\.(csv|tsv|tab|txt|lst|jsonl?|ndjson|manifest|xlsx?|ods|numbers)$/i;
/** Archives inside of archives, and those inside of these. */
const maxDepth = 3;

/** What opening needs, and the uploads it has made. */
interface Opening {
  readonly project: Project;
  readonly options: UnpackOptions;
  readonly unpacked: string[];
}

/**
 * Makes of zip archives and lists of photos what an import can read; a folder that holds nothing but archives is all
 * of them. Other sources stay as they are. What fails leaves nothing behind.
 * @throws AppError DATASET_ARCHIVE_INVALID, DATASET_ARCHIVE_NAMES, DATASET_LABELS_INVALID, DATASET_LIST_COLUMNS,
 *   DATASET_LIST_ENCODING, DATASET_LIST_PHOTOS_MISSING, DISK_FULL, CANCELLED
 */
export async function openSources(
  project: Project,
  sources: readonly ImportSource[],
  options: UnpackOptions,
): Promise<ImportSource[]> {
  const opening: Opening = { project, options, unpacked: [] };
  try {
    const opened: ImportSource[] = [];
    for (const source of sources) opened.push(...(await openSource(opening, source, 0)));
    return opened;
  } catch (error) {
    for (const id of opening.unpacked) await removeUpload(project, id);
    throw error;
  }
}

async function openSource(opening: Opening, source: ImportSource, depth: number): Promise<ImportSource[]> {
  const folder = sourceFolder(opening.project.folder, source.root);
  const archives = depth < maxDepth ? await archivesAt(folder) : [];
  if (archives.length > 0) {
    const opened: ImportSource[] = [];
    for (const path of archives) {
      const { id, ...inner } = await unpack(opening, path);
      const sources = await openSource(opening, inner, depth + 1);
      // An archive of archives: what they were in is not needed.
      if (!sources.some(({ root }) => root === inner.root)) await removeUpload(opening.project, id);
      opened.push(...sources);
    }
    return opened;
  }
  const path = await onlyFile(folder, source.kind === 'upload');
  if (path === null) return [source];
  if (listEndings.test(path)) return [await openList(opening, source, path, folder)];
  const other = await otherArchive(path);
  if (other === null) return [source];
  throw new AppError('DATASET_ARCHIVE_INVALID', {
    path,
    reason: `it is a ${other}; only zip archives are read`,
  });
}

async function openList(
  { options }: Opening,
  source: ImportSource,
  path: string,
  folder: string,
): Promise<ImportSource> {
  const within = source.kind === 'upload' ? folder : undefined;
  const { root, files, remarks } = await readListedFiles(path, within, options);
  return { kind: source.kind, root: source.kind === 'upload' ? source.root : root, files, remarks };
}

/** The archive that a source is, or those that it holds and nothing beside them, by their names. */
async function archivesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) return !listEndings.test(path) && (await isZipFile(path)) ? [path] : [];
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !isHiddenName(name));
  if (entries.some((entry) => !entry.isFile() || !/\.zip$/i.test(entry.name))) return [];
  const paths = entries.map(({ name }) => realInside(path, name)).sort(byCodePoint);
  const areArchives = await Promise.all(paths.map((one) => isZipFile(one)));
  return areArchives.every(Boolean) ? paths : [];
}

/** The file that a source is, or the one that a dropped one holds; null for a folder of photos. */
async function onlyFile(path: string, uploaded: boolean): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (!found.isDirectory()) return path;
  if (!uploaded) return null;
  const entries = await readdir(path, { withFileTypes: true });
  const [first] = entries;
  return entries.length === 1 && first.isFile() ? realInside(path, first.name) : null;
}

/** An archive that cannot be unpacked whole leaves nothing behind. */
async function unpack(opening: Opening, path: string): Promise<ImportSource & { readonly id: string }> {
  const { project, options, unpacked } = opening;
  const id = createId('upload');
  const folder = ownPath(project.folder, 'uploads', id);
  markBegun(project, id);
  unpacked.push(id);
  mkdirSync(folder, { recursive: true });
  await unpackZip(path, folder, options);
  return { id, kind: 'upload', root: `uploads/${id}`, name: basename(path).replace(/\.zip$/i, '') };
}
