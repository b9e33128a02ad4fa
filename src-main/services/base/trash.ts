/**
 * Uploads that were begun and never finished go to `trash/<date>/` in the project, and from there after a month. Only
 * names that Lenslet makes are moved or removed, and nothing is followed through a link.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../project/project.ts';
import { begunAt, clearBegun } from './begun-uploads.ts';
import { isUploadId } from './uploads.ts';

const dayMilliseconds = 24 * 60 * 60 * 1000;
/** An upload is given this long to be finished. */
const unfinishedDays = 1;
/** What is in the trash can be fetched back for this long. */
const trashDays = 30;

const dated = /^\d{4}-\d\d-\d\d$/;

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Moves old unfinished uploads to the trash, and empties what has been there for 30 days. @throws NodeJS.ErrnoException */
export function clearUnfinished(project: Project, now = Date.now()): void {
  for (const id of readdirSync(project.uploadsFolder)) {
    const folder = join(project.uploadsFolder, id);
    if (!isUploadId(id) || !isFolder(folder)) continue;
    const begun = begunAt(project, id);
    if (begun === null) continue;
    const newest = Math.max(begun.getTime(), lstatSync(folder).mtimeMs);
    if (now - newest < unfinishedDays * dayMilliseconds) continue;
    moveToTrash(project, id, now);
  }
  emptyTrash(project, now);
}

function moveToTrash(project: Project, id: string, now: number): void {
  const trash = join(project.folder, 'trash');
  const day = join(trash, new Date(now).toISOString().slice(0, 10));
  for (const folder of [trash, day]) {
    if (!existsSync(folder)) mkdirSync(folder);
    // A link, or a file, in its place: the upload stays where it is.
    if (!isFolder(folder)) return;
  }
  renameSync(join(project.uploadsFolder, id), join(day, id));
  clearBegun(project, id);
}

function emptyTrash(project: Project, now: number): void {
  const trash = join(project.folder, 'trash');
  if (!isFolder(trash)) return;
  for (const name of readdirSync(trash)) {
    const day = join(trash, name);
    if (!dated.test(name) || !isFolder(day)) continue;
    if (!(now - Date.parse(name) > trashDays * dayMilliseconds)) continue;
    for (const id of readdirSync(day)) {
      if (isUploadId(id) && isFolder(join(day, id))) rmSync(join(day, id), { recursive: true, force: true });
    }
    if (readdirSync(day).length === 0) rmdirSync(day);
  }
}
