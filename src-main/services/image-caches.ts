/** The image cache of each open project, and the training tiles made with it. */
import { ImageCache } from '../datasets/image-cache.ts';
import { createLocator } from '../datasets/image-location.ts';
import { type TilePack, type WorkOptions, ensureTiles } from '../datasets/tile-store.ts';
import type { TileSpec } from '../datasets/tiles.ts';
import type { ImageRow } from '../project/images.ts';
import type { Project } from '../project/project.ts';

const caches = new WeakMap<Project, ImageCache>();

/** The cache of a project, opened when it is first used. */
export function imageCache(project: Project): ImageCache {
  const known = caches.get(project);
  if (known !== undefined) return known;
  const cache = new ImageCache(project.cacheFolder);
  caches.set(project, cache);
  return cache;
}

/** Closes the cache of a project; using it again opens it again. */
export async function closeImageCache(project: Project): Promise<void> {
  await caches.get(project)?.close();
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
  return ensureTiles(imageCache(project), spec, images.map(createLocator(project.folder)), options);
}
