/** A folder on disk as the engine's storage. What is written is either there whole or not at all. */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Storage } from '../engine/storage.ts';

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? String(error);
}

function missing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Writes a file atomically: to a name beside it, synced, renamed. Folders are made as needed.
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
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

/** The engine's storage in a folder, which need not exist yet. */
export function folderStorage(folder: string): Storage {
  return {
    async read(name) {
      const path = join(folder, name);
      try {
        return await readWhole(path);
      } catch (error) {
        if (missing(error)) return null;
        if (error instanceof AppError) throw error;
        throw new AppError('FILE_UNREADABLE', { path, reason: codeOf(error) }, { cause: error });
      }
    },
    stamp: (name) =>
      stat(join(folder, name)).then(
        ({ size, mtimeMs }) => `${size}/${mtimeMs}`,
        () => null,
      ),
    write: (name, bytes) => writeFileAtomically(join(folder, name), bytes),
    async list(inner) {
      try {
        return await readdir(join(folder, inner));
      } catch (error) {
        if (missing(error)) return [];
        throw new AppError(
          'FILE_UNREADABLE',
          { path: join(folder, inner), reason: codeOf(error) },
          { cause: error },
        );
      }
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}
