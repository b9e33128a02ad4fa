/** Takes links out of folders in which Lenslet makes none. What they lead to stays as it is. */
import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes a path when it is a link (on Windows a junction too).
 * @returns true when it was one
 */
export function dropLink(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false;
  unlinkSync(path);
  return true;
}

/**
 * Removes a folder that is a link, and every link in it at any depth. For folders that can be made again, such as a
 * cache: a link in one that came from elsewhere would have Lenslet read, overwrite or delete what it leads to.
 */
export function dropLinks(folder: string): void {
  if (dropLink(folder) || lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) dropLinks(join(folder, entry.name));
    else if (!entry.isFile()) dropLink(join(folder, entry.name));
  }
}
