/** The connection to `project.db`: opened for this process alone, checked, and brought to the newest format. */
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../contract/shared/errors.ts';
import { makeBackup } from './backups.ts';
import { databaseOwner } from './database/database-owner.ts';
import { databaseVersion, migrate } from './database/migrations.ts';
import { explainOpenFailure, systemReason } from './database/open-failure.ts';
import { databaseName, holdsAnything, holdsProjectContent } from './project-folder.ts';
import { readOwner } from './database/project-lock.ts';

/** Milliseconds to wait for another program that reads the file, such as a virus scanner. */
const patience = 2_000;
/** Most of its pages that the database keeps in memory; taken as they are read. */
const pageCacheMebibytes = 64;

/** An open database. */
export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** When the files were last written before they were opened, in milliseconds since 1970; 0 for a new database. */
  readonly changedAt: number;
  /** What went wrong and keeps nobody from working. */
  readonly warnings: AppError[];
}

/**
 * Opens the database of a project folder; makes it where there is none and nothing else of a project either.
 * The folder's lock must be held.
 * @throws AppError PROJECT_DAMAGED, PROJECT_FOREIGN, PROJECT_TOO_NEW, PROJECT_LOCKED, PROJECT_READ_ONLY, DISK_FULL, …
 */
export function openDatabase(folder: string): OpenedDatabase {
  const path = join(folder, databaseName);
  const isNew = refuseLoss(folder, path);
  const changedAt = lastWrite(path);
  const warnings: AppError[] = [];
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    const opened = database;
    // Held until the database is closed, also when somebody deletes the lock file beside it.
    database.exec(`PRAGMA busy_timeout = ${patience}; PRAGMA locking_mode = EXCLUSIVE`);
    // An edit of 100,000 photos writes more pages than SQLite's usual 2 MiB hold, each several times.
    database.exec(`PRAGMA cache_size = -${pageCacheMebibytes * 1024}`);
    // Before anything is written: the file may be another program's.
    if (!isNew) checkContent(database, path);
    if (!setDurability(database)) warnings.push(new AppError('PROJECT_WITHOUT_WAL', { path }));
    migrate(database, path, (version) => {
      try {
        makeBackup(opened, folder, version);
      } catch (error) {
        warnings.push(backupFailure(error, folder));
      }
    });
    return { database, changedAt, warnings };
  } catch (error) {
    database?.close();
    const found = explainOpenFailure(systemReason(error, path), path);
    // Whatever else SQLite says of a file that it could open: its content is not what was written.
    if (found.code === 'INTERNAL_BUG') {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError('PROJECT_DAMAGED', { path, reason }, { cause: error });
    }
    if (found.code !== 'PROJECT_LOCKED') throw found;
    throw new AppError('PROJECT_LOCKED', { path: folder, pid: readOwner(folder) }, { cause: error });
  }
}

/** A failed backup as something to show: work goes on. */
export function backupFailure(error: unknown, folder: string): AppError {
  const { message } = explainOpenFailure(error, join(folder, 'backups'));
  return new AppError('BACKUP_FAILED', { reason: message.replace(/\.$/, '') }, { cause: error });
}

/**
 * How hard writes are pressed to the disk. With the write-ahead log a kill at any moment leaves the last committed
 * state, and NORMAL still syncs at every checkpoint; on a drive that cannot have one, every change is synced.
 * @returns whether there is a write-ahead log
 */
export function setDurability(database: DatabaseSync): boolean {
  const { journal_mode: mode } = database.prepare('PRAGMA journal_mode = WAL').get() as {
    journal_mode: string;
  };
  const ahead = mode.toLowerCase() === 'wal';
  database.exec(`PRAGMA synchronous = ${ahead ? 'NORMAL' : 'FULL'}; PRAGMA foreign_keys = ON`);
  // Elsewhere than on macOS these change nothing: there, fsync alone leaves the bytes in the drive's own memory.
  database.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
  return ahead;
}

/** A database that is missing or empty beside what it described is lost. @returns whether it is a new one */
function refuseLoss(folder: string, path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined && holdsProjectContent(folder)) {
    throw new AppError('PROJECT_DAMAGED', { path, reason: 'the file is missing' });
  }
  if (found?.size === 0 && holdsAnything(folder)) {
    throw new AppError('PROJECT_DAMAGED', { path, reason: 'the file is empty' });
  }
  return found === undefined || found.size === 0;
}

function lastWrite(path: string): number {
  const main = lstatSync(path, { throwIfNoEntry: false });
  const log = lstatSync(`${path}-wal`, { throwIfNoEntry: false });
  return Math.max(main?.mtimeMs ?? 0, log !== undefined && log.size > 0 ? log.mtimeMs : 0);
}

function checkContent(database: DatabaseSync, path: string): void {
  const owner = databaseOwner(database);
  if (owner === 'other') throw new AppError('PROJECT_FOREIGN', { path });
  const damaged = (reason: string): AppError => new AppError('PROJECT_DAMAGED', { path, reason });
  // Its making was cut short before there was anything in it.
  if (owner === 'nobody' && !holdsAnything(dirname(path))) return;
  if (owner !== 'lenslet') throw damaged('tables are missing');
  if (databaseVersion(database) === 0) throw damaged('it has no format number');
  // quick_check(1) reads the whole file once: 100,000 images with five runs are 49 MB and 90 ms.
  const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (row.quick_check !== 'ok') throw damaged(row.quick_check);
}
