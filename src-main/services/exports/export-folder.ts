/** The folder of an export: there as a whole, or not at all. */
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { isProcessAlive, ownProcessMark } from '../../core/files/process-mark.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';

/** Says of a folder that it is an export, and of what. */
export const exportRecord = 'export.json';

const recordSchema = z.looseObject({ lensletExport: z.number() });

/** A folder that is being written. */
export interface ExportFolder {
  /** Where it is written; beside its place. */
  readonly path: string;
  /** Puts it in its place. @returns the place. @throws AppError EXPORT_TARGET_EXISTS, FILE_UNWRITABLE */
  place(): Promise<string>;
  /** Removes it, unless it is in its place. */
  discard(): Promise<void>;
}

/** Where an export goes. */
export interface ExportTarget {
  /** The folder itself, or the folder in which it gets a free name. */
  readonly kind: 'exact' | 'inside';
  readonly path: string;
  /** The name it gets, for `inside`. */
  readonly name: string;
  /** Whether an earlier export may be replaced, for `exact`. */
  readonly overwrite: boolean;
}

/**
 * Begins a folder.
 * @throws AppError EXPORT_TARGET_EXISTS, EXPORT_TARGET_FOREIGN, DISK_FULL, FILE_UNWRITABLE
 */
export async function beginFolder(target: ExportTarget): Promise<ExportFolder> {
  if (target.kind === 'exact') await requireFree(target);
  const parent = target.kind === 'exact' ? dirname(target.path) : target.path;
  const name = target.kind === 'exact' ? basename(target.path) : target.name;
  const path = join(
    parent,
    `.${name}.exporting-${process.pid}-${ownProcessMark()}-${randomUUID().slice(0, 8)}`,
  );
  try {
    await mkdir(parent, { recursive: true });
    await sweep(parent);
    await mkdir(path);
  } catch (error) {
    throw fromWriteError(error, parent);
  }
  return {
    path,
    place: () => (target.kind === 'exact' ? placeAt(path, target) : placeInside(path, target)),
    discard: () => rm(path, { recursive: true, force: true }),
  };
}

const leftPattern = /^\..*\.exporting-([1-9]\d*)-([0-9a-z]+)-[0-9a-f]{8}$/;

/** Removes what exports that were killed left in a folder. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, mark] = leftPattern.exec(name) ?? [];
    if (pid === undefined || (await isProcessAlive(Number(pid), mark))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isEmptyFolder(path: string): boolean {
  return lstatSync(path).isDirectory() && readdirSync(path).length === 0;
}

/** True for a folder that Lenslet exported. */
export async function isExport(path: string): Promise<boolean> {
  try {
    return recordSchema.safeParse(JSON.parse(await readFile(join(path, exportRecord), 'utf8'))).success;
  } catch {
    return false;
  }
}

async function requireFree({ path, overwrite }: ExportTarget): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined || isEmptyFolder(path)) return;
  if (!overwrite) throw new AppError('EXPORT_TARGET_EXISTS', { path });
  if (!(await isExport(path))) throw new AppError('EXPORT_TARGET_FOREIGN', { path });
}

async function placeAt(path: string, target: ExportTarget): Promise<string> {
  await requireFree(target);
  const before = `${path}-before`;
  const replaces = existsSync(target.path);
  try {
    if (replaces) await rename(target.path, before);
    await rename(path, target.path).catch(async (error: unknown) => {
      if (replaces) await rename(before, target.path);
      throw error;
    });
  } catch (error) {
    throw fromWriteError(error, target.path);
  }
  await rm(before, { recursive: true, force: true });
  return target.path;
}

async function placeInside(path: string, { path: parent, name }: ExportTarget): Promise<string> {
  for (let number = 1; ; number++) {
    const place = join(parent, number === 1 ? name : `${name} ${number}`);
    if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      await rename(path, place);
      return place;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw fromWriteError(error, place);
    }
  }
}

/** The files of a folder with forward slashes, sorted, and their bytes. */
export async function filesIn(folder: string): Promise<{ files: string[]; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const files = paths.map((path) => path.slice(folder.length + 1).replaceAll('\\', '/'));
  return { files: files.sort(), bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
