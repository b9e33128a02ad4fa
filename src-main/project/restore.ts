/** Puts a backup in the place of a project's database. Nothing is deleted: the present database is kept beside it. */
import { copyFileSync, existsSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../contract/shared/errors.ts';
import { type BackupFile, inspectBackup, listBackups } from './backups.ts';
import { syncFile, syncFolder } from './durable-files.ts';
import { explainOpenFailure } from './database/open-failure.ts';
import { checkParts, databaseName } from './project-folder.ts';
import { lockProject } from './database/project-lock.ts';

/** What a restore did. */
export interface Restored {
  /** The backup's name. */
  readonly restored: string;
  /** Name of the file in the project folder that the database before is kept as; null when there was none. */
  readonly keptAs: string | null;
}

/** SQLite's files beside a database: a log left beside another database would be played into it. */
const endings = ['', '-wal', '-shm', '-journal'];

/**
 * The backup to restore, whole and of a known format.
 * @param name one of `listBackups`; without it the newest that is whole
 * @throws AppError NOT_FOUND, BACKUP_INVALID, PROJECT_NO_BACKUP
 */
export function chooseBackup(folder: string, name?: string): BackupFile {
  const backups = listBackups(folder);
  if (name !== undefined) {
    const found = backups.find((backup) => backup.name === name);
    if (found === undefined) throw new AppError('NOT_FOUND', { what: 'backup', id: name });
    inspectBackup(found);
    return found;
  }
  const whole = backups.find((backup) => {
    try {
      inspectBackup(backup);
      return true;
    } catch {
      return false;
    }
  });
  if (whole === undefined) throw new AppError('PROJECT_NO_BACKUP', { path: folder });
  return whole;
}

/**
 * Restores a project that is open nowhere. A kill at any moment leaves the database before, or none (which opening
 * refuses, and restoring again mends), or the restored one.
 * @throws AppError PROJECT_LOCKED, NOT_FOUND, BACKUP_INVALID, PROJECT_NO_BACKUP, DISK_FULL, PROJECT_READ_ONLY, …
 */
export function restoreProject(projectFolder: string, name?: string): Restored {
  const folder = resolve(projectFolder);
  const chosen = chooseBackup(folder, name);
  checkParts(folder);
  const lock = lockProject(folder);
  const path = join(folder, databaseName);
  const fresh = join(folder, `${databaseName}.restoring`);
  try {
    rmSync(fresh, { force: true });
    copyFileSync(chosen.path, fresh);
    syncFile(fresh);
    const keptAs = setAside(folder, path);
    renameSync(fresh, path);
    syncFolder(folder);
    return { restored: chosen.name, keptAs };
  } catch (error) {
    rmSync(fresh, { force: true });
    throw explainOpenFailure(error, path);
  } finally {
    lock.release();
  }
}

/** Renames the database with its log; first the database, so that it is never opened without its log. */
function setAside(folder: string, path: string): string | null {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  let kept: string | null = null;
  for (const ending of endings) {
    if (lstatSync(path + ending, { throwIfNoEntry: false }) === undefined) continue;
    const aside = `${databaseName}.damaged-${stamp}${ending}`;
    if (existsSync(join(folder, aside))) throw new AppError('PROJECT_EXISTS', { path: join(folder, aside) });
    renameSync(path + ending, join(folder, aside));
    kept ??= aside;
  }
  syncFolder(folder);
  return kept;
}
