/**
 * A folder on disk as the engine's storage. What is written is either there whole or not at all. Names come from files
 * too (a checkpoint, a `model.json`): what leads out of the folder, also by a link, is refused.
 */
import { randomUUID } from 'node:crypto';
import { type Dirent, constants, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { joinInside, realInside } from './join-inside.ts';
import type { Storage } from './storage.ts';
import { makeFolders } from './make-folders.ts';

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? String(error);
}

function missing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Writes a file atomically: to a name beside it, synced, renamed.
 * @param root folders below it are made as needed, it itself must be there; left out: all folders are made
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string,
  root?: string,
): Promise<void> {
  // A name that nobody knows beforehand, and `wx`: a link under it is not written through.
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    if (root === undefined) await mkdir(dirname(path), { recursive: true });
    else await makeFolders(root, dirname(path));
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (codeOf(error) === 'ENOSPC') throw new AppError('DISK_FULL', { path }, { cause: error });
    throw new AppError('FILE_UNWRITABLE', { path, reason: codeOf(error) }, { cause: error });
  }
}

/** What a killed `writeFileAtomically` leaves beside its file. */
const unfinishedName = /\.[0-9a-f]{8}\.tmp$/;

/**
 * Removes what writing that was killed has left in a folder that nobody writes to now, and in those inside it. Links
 * are not followed; what cannot be read or removed stays.
 */
export function removeUnfinished(folder: string): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = joinInside(folder, entry.name);
    if (entry.isDirectory()) removeUnfinished(path);
    else if (entry.isFile() && unfinishedName.test(entry.name)) {
      try {
        rmSync(path);
      } catch {
        // It is found again the next time.
      }
    }
  }
}

/** A pipe has nobody who writes into it, as a rule: opening it must not wait for one. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, withoutWaiting);
  try {
    if ((await file.stat()).isFile()) return await file.readFile();
    throw new AppError('FILE_UNREADABLE', { path, reason: 'it is no file' });
  } finally {
    await file.close();
  }
}

/**
 * The engine's storage in a folder. To be written to, the folder must exist (one for this user alone, made again, would
 * be open to all); those inside it are made as needed.
 * @throws AppError PATH_OUTSIDE, from each of its functions, for a name that leads out of the folder
 */
export function folderStorage(folder: string): Storage {
  return {
    async read(name) {
      const path = realInside(folder, name);
      try {
        return await readWhole(path);
      } catch (error) {
        if (missing(error)) return null;
        throw unreadable(error, path);
      }
    },
    stamp: async (name) =>
      stat(realInside(folder, name)).then(
        ({ size, mtimeMs }) => `${size}/${mtimeMs}`,
        () => null,
      ),
    write: async (name, bytes) => writeFileAtomically(realInside(folder, name), bytes, folder),
    async list(inner) {
      const path = realInside(folder, inner);
      try {
        return await readdir(path);
      } catch (error) {
        if (missing(error)) return [];
        throw unreadable(error, path);
      }
    },
    remove: async (name) => rm(realInside(folder, name), { force: true }),
  };
}

function unreadable(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  return new AppError('FILE_UNREADABLE', { path, reason: codeOf(error) }, { cause: error });
}
