/**
 * A project is a folder: `project.db` (images, labels, splits, runs), `runs/`, `uploads/`, `backups/`, `trash/` and a
 * `cache/` that may be deleted at any time. The user's photos stay where they are.
 */
import { lstatSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../contract/shared/errors.ts';
import { makeFolderTree } from '../core/files/make-folders.ts';
import { dropLinks } from '../core/files/drop-links.ts';
import { createId } from '../core/text/ids.ts';
import { FolderIdentity } from './folder-identity.ts';
import { explainOpenFailure } from './database/open-failure.ts';
import { openDatabase } from './project-database.ts';
import { checkParts, holdsProjectContent, isProjectFolder, makeParts } from './project-folder.ts';
import { lockProject } from './database/project-lock.ts';
import { readSetting, writeSetting } from './database/settings.ts';

export { isProjectFolder };

/** An open project. */
export interface Project {
  readonly id: string;
  /** As it is now: it can be renamed while it is open. */
  readonly name: string;
  readonly folder: string;
  readonly cacheFolder: string;
  readonly runsFolder: string;
  readonly uploadsFolder: string;
  readonly database: DatabaseSync;
  /** When the database was last written before it was opened, in milliseconds since 1970. */
  readonly changedAt: number;
  /** What went wrong at opening and keeps nobody from working. */
  readonly warnings: readonly AppError[];
  /** Whether the folder is still the one that was opened. */
  readonly identity: FolderIdentity;
  /** Gives it another name; the folder keeps its own. */
  rename(name: string): void;
  /** Closes the database and lets go of the lock. */
  close(): void;
}

/** Databases that must stay open: what nobody refers to any more is closed by Node. */
const abandoned = new Set<DatabaseSync>();

/**
 * Makes a project in a folder (made when missing; other files in it are left alone) and opens it.
 * @throws AppError PROJECT_EXISTS; PROJECT_DAMAGED where a project has lost its database; as `openProject` otherwise
 */
export function createProject(folder: string, name: string): Project {
  const path = resolve(folder);
  checkParts(path);
  if (isProjectFolder(path)) throw new AppError('PROJECT_EXISTS', { path });
  try {
    makeFolderTree(path);
  } catch (error) {
    throw explainOpenFailure(error, path);
  }
  return open(path, name);
}

/**
 * Opens an existing project, bringing its database to the newest format.
 * @throws AppError PROJECT_NOT_FOUND, PROJECT_LOCKED, PROJECT_TOO_NEW, PROJECT_DAMAGED, PROJECT_FOREIGN,
 *   PROJECT_PART_INVALID, PROJECT_READ_ONLY, DISK_FULL, FILES_TOO_MANY_OPEN, FILE_UNWRITABLE
 */
export function openProject(folder: string): Project {
  const path = resolve(folder);
  checkParts(path);
  if (!isProjectFolder(path) && !holdsProjectContent(path)) throw notFound(path);
  return open(path, basename(path));
}

/** Nothing there, or no way to see what is there. */
function notFound(path: string): AppError {
  try {
    lstatSync(join(path, '.'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return explainOpenFailure(error, path);
  }
  return new AppError('PROJECT_NOT_FOUND', { path });
}

function open(folder: string, name: string): Project {
  const lock = lockProject(folder);
  let database: DatabaseSync | undefined;
  try {
    const opened = openDatabase(folder);
    ({ database } = opened);
    lock.announce();
    makeParts(folder);
    // Whatever is kept in it is written, overwritten and deleted without a question.
    dropLinks(join(folder, 'cache'));
    if (readSetting(database, 'project.id') === null) {
      writeSetting(database, 'project.id', createId('project'));
      writeSetting(database, 'project.name', name);
    }
    const identity = new FolderIdentity(folder);
    let title = readSetting(database, 'project.name') ?? name;
    return {
      id: readSetting(database, 'project.id')!,
      get name() {
        return title;
      },
      rename(next) {
        writeSetting(opened.database, 'project.name', next);
        title = next;
      },
      folder,
      cacheFolder: join(folder, 'cache'),
      runsFolder: join(folder, 'runs'),
      uploadsFolder: join(folder, 'uploads'),
      database,
      changedAt: opened.changedAt,
      warnings: opened.warnings,
      identity,
      close() {
        // Closing removes the log beside the database by its path: that of another database, where one lies there now.
        if (identity.isReplaced()) abandoned.add(opened.database);
        else opened.database.close();
        lock.release();
      },
    };
  } catch (error) {
    database?.close();
    lock.release();
    throw explainOpenFailure(error, join(folder, 'project.db'));
  }
}
