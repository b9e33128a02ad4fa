/** Files that are on the disk, not only in the system's memory, before one goes on. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until a file's bytes are on the disk. @throws NodeJS.ErrnoException */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until the names in a folder are on the disk: a new or renamed file is not there after a power cut without it. */
export function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    // Windows opens no folders; there the file system keeps names by itself.
    return;
  }
  try {
    fsyncSync(folder);
  } catch {
    // Some network drives cannot; the file itself is synced.
  } finally {
    closeSync(folder);
  }
}
