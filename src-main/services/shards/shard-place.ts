/** Where shards go: a folder that is there as a whole or not at all, or storage that speaks S3. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { beginFolder } from '../exports/export-folder.ts';
import { isStorageAddress, openStorage } from './s3-storage.ts';

/** A place that is being written. */
export interface ShardPlace {
  /** A folder on this computer to write files in, before they are put. */
  readonly workshop: string;
  /** Takes a file of the workshop over. @param name in the workshop and in the place */
  put(name: string, signal: AbortSignal): Promise<void>;
  /** Ends the work. @returns what the place is called */
  end(): Promise<string>;
  /** Removes what is on this computer and not in its place. */
  discard(): Promise<void>;
}

/**
 * Opens a place.
 * @param word a path, or `s3://bucket/prefix`
 * @throws AppError EXPORT_TARGET_EXISTS, EXPORT_TARGET_FOREIGN, SHARD_STORAGE_INVALID, DISK_FULL
 */
export async function openPlace(word: string, overwrite: boolean): Promise<ShardPlace> {
  return isStorageAddress(word) ? storagePlace(word) : folderPlace(word, overwrite);
}

async function folderPlace(path: string, overwrite: boolean): Promise<ShardPlace> {
  const folder = await beginFolder({ kind: 'exact', path, name: '', overwrite });
  return {
    workshop: folder.path,
    put: () => Promise.resolve(),
    end: () => folder.place(),
    discard: () => folder.discard(),
  };
}

async function storagePlace(address: string): Promise<ShardPlace> {
  const storage = openStorage(address);
  const workshop = temporaryPath('shards');
  await mkdir(workshop).catch((error: unknown) => {
    throw fromWriteError(error, workshop);
  });
  return {
    workshop,
    async put(name, signal) {
      const path = joinInside(workshop, name);
      await storage.put(name, path, signal);
      // Room for the next one.
      await rm(path);
    },
    end: () => Promise.resolve(address),
    discard: () => rm(workshop, { recursive: true, force: true }),
  };
}

/** Makes the folder of a file in a workshop. */
export async function folderFor(workshop: string, name: string): Promise<string> {
  const path = joinInside(workshop, name);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw fromWriteError(error, path);
  }
  return path;
}
