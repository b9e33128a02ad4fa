/**
 * A project is a folder: `project.db` (images, labels, splits, runs), `runs/`, `uploads/`, `backups/` and a `cache/`
 * that may be deleted at any time. The user's photos stay where they are.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../contract/errors.ts';
import { dropLinks } from '../core/files/drop-links.ts';
import { createId } from '../core/ids.ts';
import { diskFailure } from './database-error.ts';
import { databaseVersion, migrate } from './migrations.ts';
import { type ProjectLock, lockProject } from './project-lock.ts';
import { readSetting, writeSetting } from './settings.ts';

/** An open project. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly cacheFolder: string;
  readonly runsFolder: string;
  readonly uploadsFolder: string;
  readonly database: DatabaseSync;
  /** Closes the database and lets go of the lock. */
  close(): void;
}

const databaseName = 'project.db';

/** True when the folder holds a project. */
export function isProjectFolder(folder: string): boolean {
  return existsSync(join(folder, databaseName));
}

/**
 * Makes a project in a folder (made when missing; other files in it are left alone) and opens it.
 * @throws AppError PROJECT_EXISTS, FILE_UNWRITABLE, DISK_FULL
 */
export function createProject(folder: string, name: string): Project {
  const path = resolve(folder);
  if (isProjectFolder(path)) throw new AppError('PROJECT_EXISTS', { path });
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fromFileError(error, path);
  }
  return open(path, name);
}

/**
 * Opens an existing project, bringing its database to the newest format.
 * @throws AppError PROJECT_NOT_FOUND, PROJECT_LOCKED, PROJECT_TOO_NEW, PROJECT_DAMAGED
 */
export function openProject(folder: string): Project {
  const path = resolve(folder);
  if (!isProjectFolder(path)) throw new AppError('PROJECT_NOT_FOUND', { path });
  return open(path, basename(path));
}

function open(folder: string, name: string): Project {
  const lock = acquire(folder);
  try {
    const database = openDatabase(folder);
    for (const part of ['runs', 'uploads', 'cache']) mkdirSync(join(folder, part), { recursive: true });
    // Whatever is kept in it is written, overwritten and deleted without a question.
    dropLinks(join(folder, 'cache'));
    if (readSetting(database, 'project.id') === null) {
      writeSetting(database, 'project.id', createId('project'));
      writeSetting(database, 'project.name', name);
    }
    return {
      id: readSetting(database, 'project.id')!,
      name: readSetting(database, 'project.name') ?? name,
      folder,
      cacheFolder: join(folder, 'cache'),
      runsFolder: join(folder, 'runs'),
      uploadsFolder: join(folder, 'uploads'),
      database,
      close() {
        database.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function acquire(folder: string): ProjectLock {
  try {
    return lockProject(folder);
  } catch (error) {
    throw error instanceof AppError ? error : fromFileError(error, folder);
  }
}

function openDatabase(folder: string): DatabaseSync {
  const path = join(folder, databaseName);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    const opened = database;
    // WAL: a kill at any moment leaves the last committed state; NORMAL still syncs at every checkpoint.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    database.exec('PRAGMA busy_timeout = 5000');
    if (databaseVersion(database) > 0) checkIntegrity(database, path);
    migrate(database, path, (version) => backUp(opened, folder, version));
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof AppError) throw error;
    // A copy from the backups would only lose what is new.
    const disk = diskFailure(error, path);
    if (disk !== null) throw disk;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('PROJECT_DAMAGED', { path, reason }, { cause: error });
  }
}

function checkIntegrity(database: DatabaseSync, path: string): void {
  // quick_check(1) reads the whole file once: 100,000 images are about 30 MB, a fraction of a second.
  const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (row.quick_check !== 'ok') throw new AppError('PROJECT_DAMAGED', { path, reason: row.quick_check });
}

const keptBackups = 5;

function backUp(database: DatabaseSync, folder: string, version: number): void {
  const backups = join(folder, 'backups');
  mkdirSync(backups, { recursive: true });
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const copy = join(backups, `project-${stamp}-v${version}.db`);
  try {
    database.prepare('VACUUM INTO ?').run(copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  const old = readdirSync(backups)
    .filter((name) => name.startsWith('project-'))
    .sort()
    .slice(0, -keptBackups);
  for (const name of old) rmSync(join(backups, name), { force: true });
}

function fromFileError(error: unknown, path: string): AppError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (code === 'ENOSPC') return new AppError('DISK_FULL', { path }, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('FILE_UNWRITABLE', { path, reason: code || reason }, { cause: error });
}
