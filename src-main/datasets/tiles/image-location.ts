/** Where the bytes of a project's images lie now. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { joinInside, ownPath } from '../../core/files/join-inside.ts';
import type { ImageRow } from '../../project/images/images.ts';
import type { ImageSource } from './tile-store.ts';

/** The part of an image's row that says where it lies. */
export type Located = Pick<ImageRow, 'hash' | 'path' | 'sourceRoot' | 'format'>;

/**
 * The folder of a source. What Lenslet keeps in the project folder itself (uploads, samples) is noted relative to it,
 * so that the folder can be moved.
 * @throws AppError PATH_OUTSIDE, PATH_IS_LINK for what claims to be kept in the project and is not
 */
export function sourceFolder(projectFolder: string, root: string): string {
  return isAbsolute(root) ? root : ownPath(projectFolder, root);
}

/** A file of a source. Sources elsewhere are the user's own folders, whose links are followed as an import does. */
function fileOfSource(projectFolder: string, root: string, path: string): string {
  return isAbsolute(root) ? joinInside(root, path) : ownPath(projectFolder, root, path);
}

/**
 * Makes a function that finds images; it remembers which idx files are packed. It throws IMAGE_UNREADABLE for a row
 * whose path leads out of its source: rows of a project that came from elsewhere may say anything.
 */
export function createLocator(projectFolder: string): (image: Located) => ImageSource & { path: string } {
  const idxFiles = new Map<string, string>();
  const idxFile = (plain: string): string => {
    const known = idxFiles.get(plain);
    if (known !== undefined) return known;
    const found = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
    idxFiles.set(plain, found);
    return found;
  };
  return ({ hash, path, sourceRoot, format }) => {
    try {
      if (format !== 'idx') return { hash, path: fileOfSource(projectFolder, sourceRoot, path) };
      const mark = path.lastIndexOf('#');
      const file = idxFile(fileOfSource(projectFolder, sourceRoot, path.slice(0, mark)));
      return { hash, path: file, idxIndex: Number(path.slice(mark + 1)) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(
        'IMAGE_UNREADABLE',
        { reason: 'its path leads out of its folder' },
        { cause: error },
      );
    }
  };
}

/** As `createLocator` for many: an image whose path is refused is one that is missing, and spoils no others. */
export function createLenientLocator(projectFolder: string): (image: Located) => ImageSource {
  const locate = createLocator(projectFolder);
  return (image) => {
    try {
      return locate(image);
    } catch (error) {
      if (error instanceof AppError) return { hash: image.hash, path: null };
      throw error;
    }
  };
}
