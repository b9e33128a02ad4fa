/** Folders inside a project: one that was removed must not come back as an empty shell. */
import { existsSync, mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Makes a folder and those between it and `root`, which itself must be there.
 * @throws the system's error, `ENOENT` when `root` is gone
 */
export async function makeFolders(root: string, folder: string): Promise<void> {
  let path = root;
  for (const name of relative(root, folder).split(sep)) {
    if (name === '') return;
    path = join(path, name);
    await mkdir(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

/**
 * Makes a folder and those above it, one after the other: `mkdir` with `recursive` says `ENOENT` of a drive that is
 * read-only.
 * @throws the system's error
 */
export function makeFolderTree(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolderTree(dirname(path));
  mkdirSync(path);
}
