/**
 * Files copied, moved and linked so that a kill at any moment leaves each of them whole in its old place, its new one
 * or both. Nothing is ever overwritten: a file gets its name by `link`, which fails where something is already.
 */
import { constants } from 'node:fs';
import { copyFile, link, lstat, open, readlink, rename, rm, symlink, unlink, utimes } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import type { FileMark, Placed } from '../../project/sorting/session-moves.ts';
import { hashOfFile } from '../backbones/file-hash.ts';

/** Looks at a path, links not followed. @returns null where nothing is. @throws what the system says */
export async function markOf(path: string): Promise<FileMark | null> {
  try {
    const found = await lstat(path, { bigint: true });
    return {
      kind: found.isFile() ? 'file' : found.isSymbolicLink() ? 'link' : 'other',
      bytes: Number(found.size),
      modified: String(found.mtimeNs),
      changed: String(found.ctimeNs),
      file: `${found.dev}:${found.ino}`,
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** SHA-256 of a file in hexadecimal. */
export const hashOf = (path: string): Promise<string> => hashOfFile('sha256', path);

/** One file to put in a place. */
export interface Placing {
  readonly from: string;
  readonly to: string;
  /** A name beside `to` that only this placing uses. */
  readonly temporary: string;
  /** SHA-256 that the content must have. */
  readonly hash: string;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
/** Codes with which file systems say that they have no hard links, or no more of them. */
const noLinks = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EACCES',
  'UNKNOWN',
  'EISDIR',
]);

function failure(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  if (codeOf(error) === 'EEXIST') return new AppError('SORT_TARGET_EXISTS', { path }, { cause: error });
  return fromWriteError(error, path);
}

/** Copies a file with its times, and compares what was written with what was meant. @throws AppError SORT_…, DISK_FULL, FILE_UNWRITABLE */
export async function copyInto({ from, to, temporary, hash }: Placing): Promise<void> {
  try {
    await rm(temporary, { force: true });
    await copyFile(from, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const { atime, mtime } = await lstat(from);
    await utimes(temporary, atime, mtime);
    await syncWritten(temporary);
    if ((await hashOf(temporary)) !== hash) throw new AppError('SORT_PHOTO_CHANGED', { path: from });
    await giveName(temporary, to);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw failure(error, to);
  }
}

/** Moves a file: by renaming, or to another drive by a copy that is compared before the original goes. @throws as `copyInto` */
export async function moveInto(placing: Placing): Promise<void> {
  const { from, to } = placing;
  try {
    await giveName(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw failure(error, to);
    await copyInto(placing);
    await unlink(from).catch((reason: unknown) => {
      throw failure(reason, from);
    });
  }
}

/** Links a file: a hard link, and where there are none a symbolic one. @throws as `copyInto` */
export async function linkInto({ from, to }: Pick<Placing, 'from' | 'to'>): Promise<Placed> {
  try {
    await link(from, to);
    return 'hard link';
  } catch (error) {
    if (codeOf(error) !== 'EXDEV' && !noLinks.has(codeOf(error))) throw failure(error, to);
  }
  try {
    await symlink(from, to);
    return 'symbolic link';
  } catch (error) {
    throw failure(error, to);
  }
}

/** Renames within a drive, never over another file. */
async function giveName(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!noLinks.has(codeOf(error))) throw error;
    if ((await markOf(to)) !== null) throw new AppError('SORT_TARGET_EXISTS', { path: to });
    await rename(from, to);
    return;
  }
  await unlink(from);
}

/** A file that may only be read can be synced all the same, except on Windows, where it is left to the system. */
async function syncWritten(path: string): Promise<void> {
  const file = await open(path, 'r+').catch(() => open(path, 'r'));
  try {
    await file.sync().catch((error: unknown) => {
      if (codeOf(error) !== 'EPERM') throw error;
    });
  } finally {
    await file.close();
  }
}

/** True where a symbolic link leads to a path. */
export async function leadsTo(path: string, target: string): Promise<boolean> {
  return readlink(path).then(
    (found) => found === target,
    () => false,
  );
}
