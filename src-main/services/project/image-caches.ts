/** The image cache of an open project, and the training tiles made with it. */
import { ImageCache } from '../../datasets/tiles/image-cache.ts';
import { createLenientLocator } from '../../datasets/tiles/image-location.ts';
import { type TilePack, type WorkOptions, ensureTiles } from '../../datasets/tiles/tile-store.ts';
import { type TileSpec, enlargePixels } from '../../datasets/photos/tiles.ts';
import type { ImageRow } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { projectPart } from '../base/project-session.ts';
import { readSetting, writeSetting } from '../../project/database/settings.ts';

/** The cache of a project, opened when it is first used. */
export const imageCache = projectPart(
  (project) => new ImageCache(project.cacheFolder, { limit: () => cacheLimitOf(project) }),
  (cache) => cache.close(),
);

const limitSetting = 'cacheLimit';

/** The most bytes that the user lets the cache of a project take; null for a share of the drive. */
export function cacheLimitOf(project: Project): number | null {
  const value = readSetting(project.database, limitSetting);
  return value === null ? null : Number(value);
}

/** Sets the limit of a project's cache; it is kept from the next growth on. */
export function setCacheLimit(project: Project, bytes: number | null): void {
  writeSetting(project.database, limitSetting, bytes === null ? null : String(bytes));
}

/**
 * Keeps a tile pack from being removed while someone reads it by its path.
 * @returns releases it
 */
export function holdTiles(project: Project, spec: TileSpec): () => void {
  return imageCache(project).hold(spec);
}

/**
 * Tiles of images of a project, made from the originals where the cache lacks them.
 * @returns the pack, with the slot of each image in the order given
 * @throws AppError DATASET_TILES_MISSING, CANCELLED, DISK_FULL
 */
export function tilesOfImages(
  project: Project,
  images: readonly Pick<ImageRow, 'hash' | 'path' | 'sourceRoot' | 'format'>[],
  spec: TileSpec,
  options: WorkOptions = {},
): Promise<TilePack> {
  return ensureTiles(imageCache(project), spec, images.map(createLenientLocator(project.folder)), options);
}

/** A photo as a network takes it, as PNG; null where the cache has no tile of it. */
export async function tilePng(project: Project, spec: TileSpec, hash: string): Promise<Buffer | null> {
  const data = await imageCache(project).tile(spec, hash);
  const { size, channels } = spec;
  return data && enlargePixels({ width: size, height: size, channels, data }, size);
}
