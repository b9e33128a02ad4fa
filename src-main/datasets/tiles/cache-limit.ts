/** How much room a cache may take, and what is to go when it is more. */
import { statfs } from 'node:fs/promises';

const gigabyte = 1e9;
/** A cache takes no more than this by itself, however large the drive. */
const maxDefaultLimit = 20 * gigabyte;
/** Of what is free, counting the cache itself as free. */
const shareByDefault = 0.25;
/** Left to everything else on the drive, as long as there is anything to remove. */
const keptFree = { bytes: 2 * gigabyte, share: 0.05 };

/** A drive, in bytes. */
export interface Drive {
  readonly total: number;
  readonly free: number;
}

/** The drive that a folder lies on; null where it cannot be told. */
export async function driveOf(folder: string): Promise<Drive | null> {
  try {
    const { bsize, blocks, bavail } = await statfs(folder);
    return { total: bsize * blocks, free: bsize * bavail };
  } catch {
    return null;
  }
}

/** The limit of a cache for which none is set: 20 GB, or a quarter of a drive that has less than 80 GB free. */
export function defaultLimit(drive: Drive | null, cacheBytes: number): number {
  if (drive === null) return maxDefaultLimit;
  return Math.min(maxDefaultLimit, Math.floor(shareByDefault * (drive.free + cacheBytes)));
}

/**
 * Bytes that a cache should give back.
 * @param limit the most it may take
 * @param coming bytes that will be written next
 */
export function excess(cacheBytes: number, limit: number, drive: Drive | null, coming: number): number {
  const beyondLimit = cacheBytes + coming - limit;
  if (drive === null) return Math.max(0, beyondLimit);
  const wantedFree = Math.min(keptFree.bytes, keptFree.share * drive.total);
  return Math.max(0, beyondLimit, wantedFree + coming - drive.free);
}
