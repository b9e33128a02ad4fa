/**
 * One Lenslet per project. The lock is an exclusive SQLite transaction on a file of its own: the operating system
 * lets go of it when the process ends, however it ends, so no stale lock ever has to be guessed at.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../contract/errors.ts';

/** What nobody refers to any more is closed by Node, which would end the lock: here it is referred to until released. */
const held = new Set<DatabaseSync>();

/** A held lock. */
export interface ProjectLock {
  release(): void;
}

/**
 * Locks a project folder for this process.
 * @throws AppError PROJECT_LOCKED when another process (or this one) has it open
 */
export function lockProject(folder: string): ProjectLock {
  const owner = join(folder, 'project.lock.pid');
  const database = new DatabaseSync(join(folder, 'project.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error))
      throw new AppError('PROJECT_LOCKED', { path: folder, pid: readOwner(owner) }, { cause: error });
    throw error;
  }
  try {
    writeFileSync(owner, String(process.pid));
  } catch {
    // Only to tell others who has it; on a full disk the lock holds all the same.
  }
  held.add(database);
  return {
    release() {
      held.delete(database);
      rmSync(owner, { force: true });
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message);
}

function readOwner(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
