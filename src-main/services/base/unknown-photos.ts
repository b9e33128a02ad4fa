/**
 * Photos in `uploads/` that the project does not know, as after restoring an older backup: reported, and imported
 * again at the user's word. They may exist nowhere else.
 */
import { pathsOfSource } from '../../project/images/sources.ts';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { UnknownPhotos } from '../../contract/app/projects.ts';
import { hasImageEnding } from '../../datasets/label-files/scan-names.ts';
import type { Project } from '../../project/project.ts';
import { begunAt } from './begun-uploads.ts';
import { isUploadId, listUpload } from './uploads.ts';

/** An upload with photos that are not in the project. */
export interface UnknownUpload {
  readonly id: string;
  readonly photos: number;
}

/**
 * Looks for photos that are neither in the project nor set aside by it. Uploads that were begun and never imported
 * do not count: the user did not want to keep them.
 */
export async function findUnknownPhotos(project: Project): Promise<UnknownUpload[]> {
  const found: UnknownUpload[] = [];
  for (const id of readdirSync(project.uploadsFolder)) {
    const folder = lstatSync(join(project.uploadsFolder, id), { throwIfNoEntry: false });
    if (!isUploadId(id) || !folder?.isDirectory() || begunAt(project, id) !== null) continue;
    const known = pathsOfSource(project.database, `uploads/${id}`);
    const files = await listUpload(project, id).catch(() => []);
    const unknown = files.filter(({ path }) => hasImageEnding(path) && !known.has(path.normalize('NFC')));
    if (unknown.length > 0) found.push({ id, photos: unknown.length });
  }
  return found;
}

/** The sum of them, for a page or the command line. */
export function countUnknown(uploads: readonly UnknownUpload[]): UnknownPhotos {
  return { uploads: uploads.length, photos: uploads.reduce((sum, { photos }) => sum + photos, 0) };
}
