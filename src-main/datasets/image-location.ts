/** Where the bytes of a project's images lie now. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ImageRow } from '../project/images.ts';
import type { ImageSource } from './tile-store.ts';

/** The part of an image's row that says where it lies. */
export type Located = Pick<ImageRow, 'hash' | 'path' | 'sourceRoot' | 'format'>;

/**
 * The folder of a source. What Lenslet keeps in the project folder itself (uploads, samples) is noted relative to it,
 * so that the folder can be moved.
 */
export function sourceFolder(projectFolder: string, root: string): string {
  return isAbsolute(root) ? root : join(projectFolder, root);
}

/** Makes a function that finds images; it remembers which idx files are packed. */
export function createLocator(projectFolder: string): (image: Located) => ImageSource {
  const idxFiles = new Map<string, string>();
  const idxFile = (plain: string): string => {
    const known = idxFiles.get(plain);
    if (known !== undefined) return known;
    const found = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
    idxFiles.set(plain, found);
    return found;
  };
  return ({ hash, path, sourceRoot, format }) => {
    const root = sourceFolder(projectFolder, sourceRoot);
    if (format !== 'idx') return { hash, path: join(root, path) };
    const mark = path.lastIndexOf('#');
    return { hash, path: idxFile(join(root, path.slice(0, mark))), idxIndex: Number(path.slice(mark + 1)) };
  };
}
