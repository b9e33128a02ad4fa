/**
 * One Lenslet per project. The lock is an exclusive SQLite transaction on a file of its own: the operating system
 * lets go of it when the process ends, however it ends, so no stale lock ever has to be guessed at.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../contract/shared/errors.ts';
import { isDamage } from './database-error.ts';
import { explainOpenFailure, systemReason } from './open-failure.ts';

/** What nobody refers to any more is closed by Node, which would end the lock: here it is referred to until released. */
const held = new Set<DatabaseSync>();

const ownerName = 'project.lock.pid';

/** A held lock. */
export interface ProjectLock {
  /** Notes for others which process has the project. Only once the database is open: it may be locked by itself. */
  announce(): void;
  release(): void;
}

/**
 * Locks a project folder for this process.
 * @throws AppError PROJECT_LOCKED when another process (or this one) has it open; PROJECT_READ_ONLY, DISK_FULL, …
 */
export function lockProject(folder: string): ProjectLock {
  const path = join(folder, 'project.lock');
  const owner = join(folder, ownerName);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) {
      throw new AppError('PROJECT_LOCKED', { path: folder, pid: readOwner(folder) }, { cause: error });
    }
    if (isDamage(error)) {
      const params = { path, found: 'file of something else', expected: 'lock file' };
      throw new AppError('PROJECT_PART_INVALID', params, { cause: error });
    }
    throw explainOpenFailure(systemReason(error, path), path);
  }
  const opened = database;
  held.add(opened);
  let announced = false;
  return {
    announce() {
      announced = true;
      try {
        // Made anew: what stands under this name in a stranger's folder is not written into.
        rmSync(owner, { force: true });
        writeFileSync(owner, String(process.pid), { flag: 'wx' });
      } catch {
        // Only to tell others who has it; on a full disk the lock holds all the same.
      }
    },
    release() {
      held.delete(opened);
      if (announced) rmSync(owner, { force: true });
      opened.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message);
}

/** The process that has a project folder open, as it noted itself; `unknown` when there is no note. */
export function readOwner(folder: string): string {
  try {
    return readFileSync(join(folder, ownerName), 'utf8').trim().slice(0, 20) || 'unknown';
  } catch {
    return 'unknown';
  }
}
