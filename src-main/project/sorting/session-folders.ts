/** Where the records of sortings lie: `sorts/<id>` of a project, or of the settings folder where a model file sorts. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { createId } from '../../core/text/ids.ts';
import { type About, SortSession, sessionFile } from './session-database.ts';

const parent = 'sorts';
const idSchema = z.string().regex(/^sort-[a-z0-9]{1,64}$/);

/** The folder of a sorting. @param base the project's folder, or that of the settings @throws AppError NOT_FOUND, PATH_IS_LINK */
export function sessionFolder(base: string, id: string): string {
  if (!idSchema.safeParse(id).success) throw new AppError('NOT_FOUND', { what: 'sorting', id });
  return ownPath(base, parent, id);
}

/** Where sortings lie, and where this machine notes which ones are its own. */
export interface SortingPlaces {
  /** The project's folder, or that of the settings. */
  readonly base: string;
  readonly settingsFolder: string;
}

/** Makes the record of a new sorting. @throws AppError FILE_UNWRITABLE, DISK_FULL */
export function createSession(
  { base, settingsFolder }: SortingPlaces,
  about: Omit<About, 'id' | 'createdAt' | 'token'>,
): SortSession {
  const now = new Date();
  const id = createId('sort', now);
  const token = randomUUID();
  const folder = sessionFolder(base, id);
  try {
    mkdirSync(folder, { recursive: true });
    const note = notePath(settingsFolder, id);
    mkdirSync(dirname(note), { recursive: true });
    writeFileSync(note, token, { flag: 'wx', flush: true });
  } catch (error) {
    throw fromWriteError(error, folder);
  }
  return SortSession.create(folder, { ...about, id, token, createdAt: now.toISOString() });
}

const notePath = (settingsFolder: string, id: string): string =>
  ownPath(settingsFolder, 'own-sorts', idSchema.parse(id));

/**
 * Refuses to move files by the record of another machine: whoever made it chose the paths.
 * @throws AppError SORT_FOREIGN
 */
export function requireOwnSession(
  settingsFolder: string,
  { about: { id, token }, folder }: SortSession,
): void {
  try {
    if (readFileSync(notePath(settingsFolder, id), 'utf8') === token) return;
  } catch {
    // Not noted here.
  }
  throw new AppError('SORT_FOREIGN', { path: folder });
}

/** Opens a sorting. @throws AppError NOT_FOUND, SORT_LOCKED, SORT_DAMAGED */
export function openSession(base: string, id: string): SortSession {
  const folder = sessionFolder(base, id);
  if (!existsSync(folder)) throw new AppError('NOT_FOUND', { what: 'sorting', id });
  return SortSession.open(folder);
}

/** The ids of all sortings, the newest first. */
export function listSessions(base: string): string[] {
  try {
    const names = readdirSync(ownPath(base, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && idSchema.safeParse(entry.name).success)
      .map(({ name }) => name);
    return names
      .filter((name) => existsSync(ownPath(base, parent, name, sessionFile)))
      .sort()
      .reverse();
  } catch {
    // Nothing was sorted yet, or a link is in the way.
    return [];
  }
}

/** Removes the record of a sorting that is closed. Photos stay where they are. @throws AppError NOT_FOUND */
export function removeSession(base: string, id: string): void {
  rmSync(sessionFolder(base, id), { recursive: true, force: true });
}
