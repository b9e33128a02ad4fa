/** Training tiles of many images: what the cache has is found by content alone. */
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelDescription } from '../../contract/engine/engine.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../../engine/network/recipe.ts';
import type { TilePack, WorkOptions } from '../../datasets/tiles/tile-store.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';
import { findManyImages } from '../../project/images/labelled-pages.ts';
import type { Project } from '../../project/project.ts';
import { imageCache, tilesOfImages } from '../project/image-caches.ts';

/** The tiles that a run's network gets. */
export function runTile(
  { defaults }: Pick<Recipe, 'defaults'>,
  { imageSize, resize }: Pick<RunSettings, 'imageSize' | 'resize'>,
): TileSpec {
  return { size: imageSize, channels: defaults.channels, resize };
}

/** The tiles that a model gets. */
export function modelTile({
  imageSize,
  channels,
  resize,
}: Pick<ModelDescription, 'imageSize' | 'channels' | 'resize'>): TileSpec {
  return { size: imageSize, channels, resize };
}

/** An image of the project with the content that is wanted of it. */
export interface WantedImage {
  readonly id: number;
  readonly hash: string;
}

/**
 * The tiles of images, made from the originals where the cache lacks them. Tens of thousands that are all there cost
 * no look at the database.
 * @returns the pack, with the slot of each image in the order given
 * @throws AppError TRAINING_DATA_CHANGED when one that is needed is gone or has other content,
 *   DATASET_TILES_MISSING, CANCELLED, DISK_FULL
 */
export async function tilesOf(
  project: Project,
  images: readonly WantedImage[],
  spec: TileSpec,
  options: WorkOptions = {},
): Promise<TilePack> {
  const cache = imageCache(project);
  const hashes = images.map(({ hash }) => hash);
  const slots = await cache.slots(spec, hashes);
  const missing = images.filter((_, index) => slots[index] < 0);
  if (missing.length === 0) return { ...(await cache.tilePackInfo(spec)), ...spec, slots };
  const ids = missing.map(({ id }) => id);
  const rows = await findManyImages(project.database, ids);
  if (rows.length !== missing.length || rows.some((row, index) => row.hash !== missing[index].hash)) {
    throw new AppError('TRAINING_DATA_CHANGED');
  }
  await tilesOfImages(project, rows, spec, options);
  return { ...(await cache.tilePackInfo(spec)), ...spec, slots: await cache.slots(spec, hashes) };
}

/** Those of some images whose tiles the cache has. */
export async function withTiles<Image extends WantedImage>(
  project: Project,
  images: readonly Image[],
  spec: TileSpec,
): Promise<Image[]> {
  const hashes = images.map(({ hash }) => hash);
  const slots = await imageCache(project).slots(spec, hashes);
  return images.filter((_, at) => slots[at] >= 0);
}
