/**
 * Model files that the user named on the command line of this machine. A page, and a project that came from elsewhere,
 * may refer to these and to what is in the list of backbones, and to no other path: reading a file (on Windows: asking
 * a server for one) is the user's to order.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';

const fileSchema = z.object({ format: z.literal(1), paths: z.array(z.string()) });
/** Older ones make room. */
const maxKept = 200;

const fileIn = (settingsFolder: string): string => join(settingsFolder, 'named-models.json');

async function readNames(settingsFolder: string): Promise<string[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(fileIn(settingsFolder), 'utf8'))).paths;
  } catch {
    // Missing or damaged: the user names them again.
    return [];
  }
}

/** True for what looks like a path, and not like an id. */
export function looksLikePath(reference: string): boolean {
  return /[\\/.]/.test(reference) && !reference.startsWith('own:');
}

/**
 * Remembers a path the user named; nothing happens for an id.
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export async function nameFile(settingsFolder: string, reference: string): Promise<void> {
  if (!looksLikePath(reference)) return;
  const path = resolve(reference);
  const known = await readNames(settingsFolder);
  if (known[0] === path) return;
  const paths = [path, ...known.filter((one) => one !== path)].slice(0, maxKept);
  await writeFileAtomically(fileIn(settingsFolder), JSON.stringify({ format: 1, paths }));
}

/** True for a path that the user named on this machine. */
export async function isNamed(settingsFolder: string, path: string): Promise<boolean> {
  return (await readNames(settingsFolder)).includes(path);
}
