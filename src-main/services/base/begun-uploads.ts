/**
 * Marks of uploads that were begun and not finished: a file of ours beside the upload's folder. Only a marked upload
 * may ever be cleared away; that photos of one are missing in the database proves nothing, since the database may be
 * new, empty or an older copy.
 */
import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Project } from '../../project/project.ts';

const ending = '.begun';
const markSchema = z.object({ begunAt: z.iso.datetime() });

function markPath(project: Project, id: string): string {
  return join(project.uploadsFolder, `${id}${ending}`);
}

/** Marks an upload as begun. @throws NodeJS.ErrnoException */
export function markBegun(project: Project, id: string): void {
  const path = markPath(project, id);
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify({ begunAt: new Date().toISOString() }), { flag: 'wx' });
}

/** Takes the mark away: photos of the upload are in the project, or may be. */
export function clearBegun(project: Project, id: string): void {
  rmSync(markPath(project, id), { force: true });
}

/** When an upload was begun that has not been finished; null for one without a mark of ours. */
export function begunAt(project: Project, id: string): Date | null {
  const path = markPath(project, id);
  try {
    if (!lstatSync(path).isFile()) return null;
    return new Date(markSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).begunAt);
  } catch {
    return null;
  }
}
