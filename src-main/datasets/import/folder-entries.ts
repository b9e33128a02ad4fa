/** What a folder on the disk holds: the folders and files a dataset can be made of. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodePoint, isHiddenName, isSystemFolder } from '../label-files/scan-names.ts';

type EntryKind = 'folder' | 'file' | 'other' | 'missing';

/** Names, in order. */
export interface FolderEntries {
  readonly folders: string[];
  readonly files: string[];
  /** Folders of the system, which are passed over. */
  readonly passedOver: string[];
}

interface ListOptions {
  /** False: links are passed over. */
  readonly followLinks?: boolean;
}

/** What lies at a path, links followed. */
export async function kindOf(path: string): Promise<EntryKind> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
  } catch {
    return 'missing';
  }
}

/**
 * Names of the folders and files in a folder, in order; what systems keep left out.
 * @throws what the system says of a folder that cannot be read
 */
export async function listFolder(
  folder: string,
  { followLinks = true }: ListOptions,
): Promise<FolderEntries> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders: string[] = [];
  const files: string[] = [];
  const passedOver: string[] = [];
  for (const entry of entries.sort((a, b) => byCodePoint(a.name, b.name))) {
    if (isHiddenName(entry.name)) {
      if (entry.isDirectory() && isSystemFolder(entry.name)) passedOver.push(entry.name);
      continue;
    }
    const skipped = entry.isSymbolicLink() && !followLinks;
    const kind = skipped ? 'other' : await kindOfEntry(folder, entry);
    if (kind === 'folder') folders.push(entry.name);
    // A link to nowhere counts as a file, so that it is reported like any other that cannot be read.
    else if (kind !== 'other') files.push(entry.name);
  }
  return { folders, files, passedOver };
}

async function kindOfEntry(folder: string, entry: Dirent): Promise<EntryKind> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  // Links, and file systems that do not tell kinds; pipes and devices are left alone.
  return entry.isSymbolicLink() || !isSpecial(entry) ? kindOf(join(folder, entry.name)) : 'other';
}

function isSpecial(entry: Dirent): boolean {
  return entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice();
}
