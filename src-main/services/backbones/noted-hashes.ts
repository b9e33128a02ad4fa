/**
 * SHA-256 of networks for which nobody publishes one: what a file had when it was downloaded, added or first verified,
 * so that a later change is found.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import { hashOfModel } from './file-hash.ts';

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

/** Two downloads may end at the same time: each reads what the other has written. */
const inOrder = oneAtATime();

async function change(
  settingsFolder: string,
  edit: (files: Record<string, string>) => Record<string, string>,
): Promise<void> {
  await inOrder(async () => {
    const files = edit(await readAll(settingsFolder));
    await writeFileAtomically(fileIn(settingsFolder), JSON.stringify({ format: 1, files }));
  });
}

/** The noted hash of a file; null for one that is not noted. */
export async function notedHash(settingsFolder: string, path: string): Promise<string | null> {
  return (await readAll(settingsFolder))[path] ?? null;
}

/** Notes the hash of a file. @throws AppError DISK_FULL, FILE_UNWRITABLE */
export async function noteHash(settingsFolder: string, path: string, sha256: string): Promise<void> {
  await change(settingsFolder, (files) => ({ ...files, [path]: sha256 }));
}

/**
 * Notes the hash of a model that has just arrived, in place of that of an earlier file at the same path.
 * @throws AppError DISK_FULL, FILE_UNWRITABLE, and what `hashOfModel` throws
 */
export async function noteArrival(settingsFolder: string, path: string): Promise<void> {
  await noteHash(settingsFolder, path, await hashOfModel(path));
}

/** Forgets the hash of a file that was removed: another one may come to its path. @throws AppError FILE_UNWRITABLE */
export async function forgetHash(settingsFolder: string, path: string): Promise<void> {
  if ((await notedHash(settingsFolder, path)) === null) return;
  await change(settingsFolder, (files) =>
    Object.fromEntries(Object.entries(files).filter(([noted]) => noted !== path)),
  );
}
