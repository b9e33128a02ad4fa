/** Photos of a project as files elsewhere: copied if they are unchanged, under names that no two share. */
import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { AppError, describeError } from '../../contract/shared/errors.ts';
import type { LabelExport } from '../../contract/app/labels.ts';
import { fromReadError } from '../../datasets/photos/image-file.ts';
import { lookAtFile } from '../../datasets/photos/tiles.ts';
import type { ImageRow } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { tilePng, tilesOfImages } from '../project/image-caches.ts';

/** A missing photo is reported; a full disk ends the export. */
export function problemOf(image: Pick<ImageRow, 'path'>, error: unknown): LabelExport['problems'][number] {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const reading = code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EIO';
  if (!(error instanceof AppError) && !(reading && syscall !== undefined)) throw error;
  const found = error instanceof AppError ? error : fromReadError(error);
  const { message } = describeError(found.code, found.params);
  return { path: image.path, code: found.code, message };
}

/**
 * Copies a photo, if it still is the one that was imported: a project from a stranger may name any file of the user's,
 * and an export is made to be handed on.
 * @throws AppError IMAGE_…
 */
export async function copyPhoto(path: string, target: string, hash: string): Promise<void> {
  if ((await lookAtFile(path)).hash !== hash)
    throw new AppError('IMAGE_UNREADABLE', { reason: 'it has changed since it was imported' });
  await copyFile(path, target, constants.COPYFILE_EXCL);
}

/** The name of a photo as a file. */
export function photoFileName(image: Pick<ImageRow, 'path' | 'format'>): string {
  const name = basename(image.path);
  return image.format === 'idx' ? `${name.replace('#', '-')}.png` : name;
}

/** A picture of an idx file as PNG. @throws AppError IMAGE_MISSING */
export async function idxPicture(project: Project, image: ImageRow): Promise<Buffer> {
  const spec = { size: Math.max(image.width, image.height), channels: 1 } as const;
  await tilesOfImages(project, [image], spec);
  const png = await tilePng(project, spec, image.hash);
  if (png === null) throw new AppError('IMAGE_MISSING');
  return png;
}

/** Names that no two files or folders in a folder share, also on disks that ignore letter case. */
export class FreeNames {
  readonly #taken = new Set<string>();

  /** The path of a file or, without an ending, of a folder: its own name, or with a number. */
  take(folder: string, name: string, ending = extname(name)): string {
    const stem = basename(name, ending);
    for (let number = 1; ; number++) {
      const own = number === 1 ? name : `${stem} ${number}${ending}`;
      const path = folder === '' ? own : `${folder}/${own}`;
      const key = path.toLowerCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return path;
    }
  }
}
