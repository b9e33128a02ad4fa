/**
 * `cache/embedding-map.json`: the map as it was computed last, with the photos it is of. May be deleted at any time.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { embeddingMapSchema } from '../../contract/app/map.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';

const storedMapSchema = embeddingMapSchema.extend({
  /** Changes when maps are made in another way: older ones are made again. */
  format: z.literal(1),
  /** First 32 bits of each photo's content hash, in the order of the ids: `packIds`. */
  contents: z.string(),
});

/** A map with what it was made of. */
export type StoredMap = z.infer<typeof storedMapSchema>;

/** The first 32 bits of a content hash, to tell whether a photo is still the one on the map. */
export function contentMark(hash: string): number {
  return Number.parseInt(hash.slice(0, 8), 16) | 0;
}

const pathIn = (cacheFolder: string): string => join(cacheFolder, 'embedding-map.json');

/** The stored map, or null when there is none that can be read. */
export async function readMap(cacheFolder: string): Promise<StoredMap | null> {
  try {
    return storedMapSchema.parse(JSON.parse(await readFile(pathIn(cacheFolder), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Stores a map in place of the one before.
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export function writeMap(cacheFolder: string, map: StoredMap): Promise<void> {
  return writeFileAtomically(pathIn(cacheFolder), JSON.stringify(map), dirname(cacheFolder));
}
