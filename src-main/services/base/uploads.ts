/** Files that came over the wire: each upload is a folder `uploads/<id>` in the project. */
import { isSource } from '../../project/images/sources.ts';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { createId, uploadIdSchema } from '../../core/text/ids.ts';
import { maxFileMegabytes } from '../../datasets/photos/image-file.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { byCodePoint } from '../../datasets/label-files/scan-names.ts';
import { uploadSegments } from '../../datasets/import/upload-path.ts';
import { syncFolder } from '../../project/durable-files.ts';
import type { Project } from '../../project/project.ts';
import { clearBegun, markBegun } from './begun-uploads.ts';

/** idx files and photos alike. */
const maxBytes = maxFileMegabytes * 1024 * 1024;
const partial = '.partial-';

/** Begins an upload: marks it as begun and makes its folder. @throws AppError DISK_FULL, FILE_UNWRITABLE */
export function beginUpload(project: Project): { id: string } {
  const id = createId('upload');
  const folder = ownPath(project.folder, 'uploads', id);
  try {
    // The mark comes first: a folder without one is kept for ever.
    markBegun(project, id);
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fromWriteError(error, folder);
  }
  return { id };
}

/** The root of an upload as a source: relative to the project. @throws AppError NOT_FOUND */
export function uploadRoot(project: Project, id: string): string {
  const folder = uploadFolder(project, id);
  return relative(project.folder, folder).split(sep).join('/');
}

/** The folder of an upload. @throws AppError NOT_FOUND, PATH_IS_LINK */
export function uploadFolder(project: Project, id: string): string {
  if (uploadIdSchema.safeParse(id).success) {
    const folder = ownPath(project.folder, 'uploads', id);
    if (existsSync(folder)) return folder;
  }
  throw new AppError('NOT_FOUND', { what: 'upload', id });
}

/** One uploaded file. */
export interface UploadedFile {
  /** Path inside the upload, with forward slashes. */
  readonly path: string;
  readonly absolutePath: string;
}

/** The files of an upload, in the order of their paths. @throws AppError NOT_FOUND */
export async function listUpload(project: Project, id: string): Promise<UploadedFile[]> {
  const folder = uploadFolder(project, id);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith(partial))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((absolutePath) => ({ path: relative(folder, absolutePath).split(sep).join('/'), absolutePath }))
    .sort((a, b) => byCodePoint(a.path, b.path));
}

/**
 * Writes one file of an upload from a stream: to a separate name first, so that a broken connection leaves nothing.
 * @param options `durable` for photos that exist nowhere else: when it returns, file and name are on the disk
 * @throws AppError UPLOAD_INVALID, IMAGE_FILE_TOO_LARGE, NOT_FOUND, DISK_FULL, FILE_UNWRITABLE
 */
export async function receiveFile(
  project: Project,
  id: string,
  path: string,
  body: AsyncIterable<Uint8Array> | null,
  { durable = false } = {},
): Promise<void> {
  const target = ownPath(uploadFolder(project, id), ...uploadSegments(path));
  const temporary = join(dirname(target), `${partial}${randomUUID()}`);
  try {
    await mkdir(dirname(target), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await writeStream(file, body);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    if (durable) for (const folder of [dirname(target), project.uploadsFolder]) syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fromWriteError(error, path);
  }
}

async function writeStream(file: FileHandle, body: AsyncIterable<Uint8Array> | null): Promise<void> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    refuseLarge(bytes);
    await file.writeFile(chunk);
  }
}

/** @throws AppError IMAGE_FILE_TOO_LARGE */
export function refuseLarge(bytes: number): void {
  if (bytes <= maxBytes) return;
  throw new AppError('IMAGE_FILE_TOO_LARGE', {
    megabytes: Math.ceil(bytes / 1024 / 1024),
    limit: maxFileMegabytes,
  });
}

/** True for an upload that was imported: photos of the project may lie in it. */
export function isImported(project: Project, id: string): boolean {
  return isSource(project.database, 'upload', `uploads/${id}`);
}

/** True for the id of an upload, as Lenslet makes them. */
export function isUploadId(id: string): boolean {
  return uploadIdSchema.safeParse(id).success;
}

/**
 * Removes an upload at the user's word, or one whose content is elsewhere. Links in it are removed, not followed.
 * @throws AppError PATH_IS_LINK
 */
export async function removeUpload(project: Project, id: string): Promise<void> {
  if (isUploadId(id)) await rm(ownPath(project.folder, 'uploads', id), { recursive: true, force: true });
  clearBegun(project, id);
}
