/**
 * Backups of `project.db` in `backups/`: made whole under another name, then renamed, so that a backup is complete or
 * not there. `VACUUM INTO` on the open connection holds the main thread for 0.15 s at 100,000 images (49 MB). Node's
 * online backup would not, but it uses the same connection from another thread: an edit meanwhile can make it fail.
 */
import { lstatSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { AppError } from '../contract/shared/errors.ts';
import { databaseOwner } from './database/database-owner.ts';
import { syncFile, syncFolder } from './durable-files.ts';
import { databaseVersion, newestVersion } from './database/migrations.ts';
import { explainOpenFailure } from './database/open-failure.ts';
import { makePart } from './project-folder.ts';
import { backupsToRemove } from './rotation.ts';

/** A file in `backups/` that Lenslet made. */
export interface BackupFile {
  readonly name: string;
  readonly path: string;
  readonly madeAt: Date;
  /** Format of the database in it. */
  readonly version: number;
}

/** What a backup holds. */
export interface BackupContent {
  readonly images: number;
  readonly classes: number;
  readonly runs: number;
}

const ownName = /^project-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-v(\d{1,6})\.db$/;
const partial = '.partial';
const unfinished = /^project-[\dTZv-]+\.db\.partial(-journal|-wal|-shm)?$/;
/** Bytes that are left to the user when the disk is nearly full: a backup must not take the room of an edit. */
const spareBytes = 32 * 1024 * 1024;

/** The backups of a project folder, newest first. Files of other names are not ours, and left alone. */
export function listBackups(folder: string): BackupFile[] {
  const backups = join(folder, 'backups');
  const found: BackupFile[] = [];
  for (const name of namesOf(backups)) {
    const match = ownName.exec(name);
    const path = join(backups, name);
    if (match === null || !lstatSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const [day, hours, minutes, seconds, milliseconds, version] = match.slice(1);
    const madeAt = new Date(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`);
    if (!Number.isNaN(madeAt.getTime())) found.push({ name, path, madeAt, version: Number(version) });
  }
  return found.sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
}

/** Names in `backups`; none when it is missing, a file, or a link to somewhere else. */
function namesOf(backups: string): string[] {
  try {
    return lstatSync(backups).isDirectory() ? readdirSync(backups) : [];
  } catch {
    return [];
  }
}

/** Removes what backing up that was killed has left in a folder of backups that nobody writes to now. */
function removeUnfinishedBackups(backups: string): void {
  for (const name of namesOf(backups)) {
    if (unfinished.test(name)) rmSync(join(backups, name), { force: true });
  }
}

/** As the project opens: what a killed backup has left goes. What cannot be removed stays. */
export function sweepBackups(folder: string): void {
  try {
    removeUnfinishedBackups(join(folder, 'backups'));
  } catch {
    // The next backup tries again, and says what is wrong.
  }
}

/**
 * Makes a backup of an open database in one go, and removes old ones.
 * @param version format of the database, which its name says
 * @returns its name
 * @throws AppError DISK_FULL, PROJECT_READ_ONLY, PROJECT_PART_INVALID, PROJECT_DAMAGED; nothing is left behind then
 */
export function makeBackup(
  database: DatabaseSync,
  folder: string,
  version = databaseVersion(database),
): string {
  const place = prepare(database, folder, version);
  try {
    // What is committed is in the file afterwards, so that its time says whether it changed since.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.prepare('VACUUM INTO ?').run(place.temporary);
    finish(place);
  } catch (error) {
    discard(place);
    throw explainOpenFailure(error, place.path);
  }
  rotate(folder);
  return place.name;
}

interface Place {
  readonly name: string;
  readonly path: string;
  readonly temporary: string;
  readonly backups: string;
}

function prepare(database: DatabaseSync, folder: string, version: number): Place {
  const backups = join(folder, 'backups');
  makePart(backups);
  removeUnfinishedBackups(backups);
  const { pages, size } = database
    .prepare('SELECT page_count AS pages, page_size AS size FROM pragma_page_count, pragma_page_size')
    .get() as { pages: number; size: number };
  const { bavail, bsize } = statfsSync(backups);
  if (bavail * bsize < pages * size + spareBytes) throw new AppError('DISK_FULL', { path: backups });
  const name = `project-${new Date().toISOString().replace(/[:.]/g, '-')}-v${version}.db`;
  const path = join(backups, name);
  return { name, path, temporary: path + partial, backups };
}

/** Checks a copy, and gives it its name when it is whole and on the disk. */
function finish({ path, temporary, backups }: Place): void {
  const copy = new DatabaseSync(temporary);
  try {
    // A copy of an open database says that it has a log beside it; this one is complete by itself.
    copy.prepare('PRAGMA journal_mode = DELETE').get();
    requireWhole(copy, path);
  } finally {
    copy.close();
  }
  syncFile(temporary);
  renameSync(temporary, path);
  syncFolder(backups);
}

function discard({ temporary }: Place): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(temporary + ending, { force: true });
}

function rotate(folder: string): void {
  for (const { path } of backupsToRemove(listBackups(folder))) rmSync(path, { force: true });
}

function requireWhole(database: DatabaseSync, path: string): void {
  const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (found !== 'ok') throw new AppError('PROJECT_DAMAGED', { path, reason: found });
}

/**
 * Looks into a backup without changing anything in or beside it.
 * @param whole reads all of it, not only the counts
 * @throws AppError BACKUP_INVALID
 */
export function inspectBackup({ path, name }: BackupFile, { whole = true } = {}): BackupContent {
  const refuse = (reason: string, cause?: unknown): AppError =>
    new AppError('BACKUP_INVALID', { name, reason }, { cause });
  let database: DatabaseSync | undefined;
  try {
    const address = pathToFileURL(path);
    address.searchParams.set('immutable', '1');
    database = new DatabaseSync(address, { readOnly: true });
    if (databaseOwner(database) !== 'lenslet') throw refuse('it is not the database of a Lenslet project');
    const version = databaseVersion(database);
    if (version === 0 || version > newestVersion) throw refuse(`its format is ${version}`);
    if (whole) requireWhole(database, path);
    return database
      .prepare(
        'SELECT (SELECT count(*) FROM image) AS images, (SELECT count(*) FROM class) AS classes, (SELECT count(*) FROM run) AS runs',
      )
      .get() as unknown as BackupContent;
  } catch (error) {
    if (error instanceof AppError && error.code === 'BACKUP_INVALID') throw error;
    throw refuse(error instanceof Error ? error.message.replace(/\.$/, '') : String(error), error);
  } finally {
    database?.close();
  }
}

/** True when the project changed since its newest backup. @param changedAt when its files were last written */
export function changedSinceBackup(folder: string, changedAt: number): boolean {
  const [newest] = listBackups(folder);
  return newest === undefined || newest.madeAt.getTime() < changedAt;
}
