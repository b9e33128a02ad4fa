/** What a cache holds and how much room it takes. */
import { join } from 'node:path';
import type { CacheFiles, OpenFiles } from './cache-files.ts';
import { type Drive, defaultLimit, driveOf } from './cache-limit.ts';
import { folderBytes, listPacks, specOfPack } from './tile-packs.ts';
import type { TileSpec } from '../photos/tiles.ts';

/** A part of the cache and the room it takes. */
export interface CachePart {
  /** `thumbnails`, or the name of a tile pack, e.g. `150x3`. */
  readonly name: string;
  /** Null for the thumbnails. */
  readonly spec: TileSpec | null;
  /** With everything that lies beside the tiles. */
  readonly bytes: number;
  readonly images: number;
  /** Milliseconds since 1970; null for the thumbnails. */
  readonly usedAt: number | null;
  /** It may not be removed now. */
  readonly inUse: boolean;
}

/** The cache as a whole, in bytes. */
export interface CacheUsage {
  /** The pack unused for longest first, the thumbnails last. */
  readonly parts: readonly CachePart[];
  readonly bytes: number;
  readonly limit: number;
  /** Null where it cannot be told. */
  readonly drive: Drive | null;
}

/**
 * Measures a cache.
 * @param limit the most bytes it may take; null for a share of the drive
 * @param isInUse whether a pack, last used at a time, may not be removed
 */
export async function measureCache(
  { folder, tilesFolder }: CacheFiles,
  { index, thumbnails }: OpenFiles,
  limit: number | null,
  isInUse: (name: string, usedAt: number) => boolean,
): Promise<CacheUsage> {
  const known = new Map(index.packs().map((pack) => [pack.name, pack]));
  const packs = [];
  for (const name of await listPacks(tilesFolder)) {
    const { usedAt = 0, tiles: images = 0 } = known.get(name) ?? {};
    const bytes = await folderBytes(join(tilesFolder, name));
    packs.push({ name, spec: specOfPack(name), bytes, images, usedAt, inUse: isInUse(name, usedAt) });
  }
  packs.sort((a, b) => a.usedAt - b.usedAt);
  const pictures = { bytes: await thumbnails.length(), images: index.thumbnails() };
  const parts: CachePart[] = [
    ...packs,
    { name: 'thumbnails', spec: null, ...pictures, usedAt: null, inUse: false },
  ];
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const drive = await driveOf(folder);
  return { parts, bytes, limit: limit ?? defaultLimit(drive, bytes), drive };
}
