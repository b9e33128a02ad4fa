/**
 * SHA-256 of networks for which nobody publishes one: what a file had when it was first verified, so that a later change
 * is found.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';

const fileSchema = z.object({ format: z.literal(1), files: z.record(z.string(), z.string()) });

const fileIn = (settingsFolder: string): string => join(settingsFolder, 'noted-hashes.json');

async function readAll(settingsFolder: string): Promise<Record<string, string>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(fileIn(settingsFolder), 'utf8'))).files;
  } catch {
    // Missing or damaged: noted anew.
    return {};
  }
}

/** What a file had when it was first verified; null for one that is not noted. */
export async function notedHash(settingsFolder: string, path: string): Promise<string | null> {
  return (await readAll(settingsFolder))[path] ?? null;
}

/** Notes the hash of a file. @throws AppError DISK_FULL, FILE_UNWRITABLE */
export async function noteHash(settingsFolder: string, path: string, sha256: string): Promise<void> {
  const files = { ...(await readAll(settingsFolder)), [path]: sha256 };
  await writeFileAtomically(fileIn(settingsFolder), JSON.stringify({ format: 1, files }));
}
