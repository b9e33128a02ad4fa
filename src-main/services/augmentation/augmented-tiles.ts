/** Augmented tiles of a project's images, computed by the engine as a training step does it. */
import { readFile, rm } from 'node:fs/promises';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { type TileSpec, tileBytes } from '../../datasets/photos/tiles.ts';
import type { Project } from '../../project/project.ts';
import type { EngineClient } from '../base/engine-client.ts';
import { imageCache } from '../project/image-caches.ts';
import { type WantedImage, tilesOf } from '../runs/run-tiles.ts';

export interface AugmentedTilesRequest {
  readonly images: readonly WantedImage[];
  /** Name the random draws, one for each image. */
  readonly keys: readonly number[];
  readonly spec: TileSpec;
  readonly seed: number;
  readonly settings: AugmentationSettings;
  readonly preprocessing: Preprocessing;
}

/**
 * Augments images.
 * @returns uint8 tiles in the order of the images, and the range of what a network would be given
 * @throws AppError TRAINING_AUGMENTATION_INVALID, DATASET_TILES_MISSING, TRAINING_DATA_CHANGED, CANCELLED, BACKEND_…
 */
export async function augmentedTiles(
  engine: EngineClient,
  project: Project,
  { images, keys, spec, ...how }: AugmentedTilesRequest,
  signal: AbortSignal | undefined,
) {
  const release = imageCache(project).hold(spec);
  const into = temporaryPath('augmented');
  try {
    const pack = await tilesOf(project, images, spec, { signal });
    const tiles = { path: pack.path, ...spec };
    const request = { ...how, tiles, slots: [...pack.slots], keys: [...keys], into };
    const { range } = await engine.ask((process) => process.augment(request, { signal }), signal);
    return { tiles: inTiles(await readFile(into), spec), range };
  } finally {
    release();
    await rm(into, { force: true });
  }
}

/** The tiles of images as they are. @throws AppError as `augmentedTiles` */
export async function plainTiles(
  project: Project,
  images: readonly WantedImage[],
  spec: TileSpec,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  await tilesOf(project, images, spec, { signal });
  const cache = imageCache(project);
  return Promise.all(
    images.map(async ({ hash }) => {
      const tile = await cache.tile(spec, hash);
      if (tile === null) throw new AppError('DATASET_TILES_MISSING', { count: 1, size: spec.size });
      return tile;
    }),
  );
}

function inTiles(bytes: Uint8Array, spec: TileSpec): Uint8Array[] {
  const each = tileBytes(spec);
  return Array.from({ length: bytes.length / each }, (_, i) => bytes.subarray(i * each, (i + 1) * each));
}
