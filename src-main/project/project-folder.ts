/**
 * What lies in a project folder, and under which names. A folder may come from a stranger: nothing inside it is
 * followed through a link.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../contract/shared/errors.ts';
import { dropLink } from '../core/files/drop-links.ts';
import { explainOpenFailure } from './database/open-failure.ts';

/** The file that makes a folder a project. */
export const databaseName = 'project.db';

/** Folders that every project has. */
const parts = ['runs', 'uploads', 'cache'] as const;

/** Files of ours beside those folders; SQLite makes the ones with endings. */
const files = [
  ...['', '-wal', '-shm', '-journal'].map((ending) => databaseName + ending),
  ...['', '-journal', '.pid'].map((ending) => `project.lock${ending}`),
];

/** Names that only Lenslet makes, by folder. Another program may have a `runs` or a `cache` folder too. */
const ownNames: Readonly<Record<string, RegExp>> = {
  runs: /^run-/,
  uploads: /^upload-/,
  backups: /^project-.*\.db$/,
  cache: /^(tiles|thumbnails\.pack|index\.db|signals\.db)$/,
};

/** True when the folder holds a project. */
export function isProjectFolder(folder: string): boolean {
  return existsSync(join(folder, databaseName));
}

/**
 * True when a folder holds what only a project has (runs, uploads, backups, a cache), whether or not its database is
 * there: without one, the project is damaged, not new.
 */
export function holdsProjectContent(folder: string): boolean {
  return Object.entries(ownNames).some(([part, name]) =>
    namesIn(join(folder, part)).some((n) => name.test(n)),
  );
}

/** True when anything at all lies in a folder that an empty database has no use for. */
export function holdsAnything(folder: string): boolean {
  return Object.keys(ownNames).some((part) => namesIn(join(folder, part)).length > 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Refuses a project in which a link, or a file where a folder belongs, stands for a part of it.
 * @throws AppError PROJECT_PART_INVALID
 */
export function checkParts(folder: string): void {
  const cache = join(folder, 'cache');
  try {
    // A link in its place is taken away: nothing in a cache is anyone's work.
    dropLink(cache);
  } catch (error) {
    throw explainOpenFailure(error, cache);
  }
  for (const part of parts) checkPart(join(folder, part), 'folder');
  for (const file of files) checkPart(join(folder, file), 'file');
}

/** Makes the folders of a project that are missing. @throws AppError PROJECT_PART_INVALID, PROJECT_READ_ONLY, DISK_FULL */
export function makeParts(folder: string): void {
  for (const part of parts) makePart(join(folder, part));
}

/**
 * Makes one folder inside a project when it is missing.
 * @throws AppError PROJECT_PART_INVALID when a link or a file is in its place; PROJECT_READ_ONLY, DISK_FULL, …
 */
export function makePart(path: string): void {
  checkPart(path, 'folder');
  try {
    if (!existsSync(path)) mkdirSync(path);
  } catch (error) {
    throw explainOpenFailure(error, path);
  }
}

/** @throws AppError PROJECT_PART_INVALID; what is missing is fine */
function checkPart(path: string, expected: 'folder' | 'file'): void {
  let found: ReturnType<typeof lstatSync>;
  try {
    found = lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw explainOpenFailure(error, path);
  }
  if (found === undefined) return;
  const fits = expected === 'folder' ? found.isDirectory() : found.isFile();
  if (fits) return;
  const what = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'file';
  throw new AppError('PROJECT_PART_INVALID', { path, found: what, expected });
}
