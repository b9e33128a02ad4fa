/** Features of the project's photos from the best pretrained network there is, from the cache where they are. */
import type { BackboneWeights } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { packIntegers } from '../../core/statistics/packed-integers.ts';
import { type FeaturePlace, openFeatureRows } from '../../datasets/tiles/feature-rows.ts';
import type { WorkOptions } from '../../datasets/tiles/tile-store.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';
import type { Project } from '../../project/project.ts';
import { resolveBackbone } from '../backbones/resolve-backbone.ts';
import type { ServiceContext } from '../base/context.ts';
import { chooseBackbone } from '../runs/run-backbone.ts';
import { type WantedImage, tilesOf, withTiles } from '../runs/run-tiles.ts';
import { transferSize } from '../runs/one-click.ts';

/** Features of images, in the requested order. */
export interface ImageFeatures {
  /** Numbers per image. */
  readonly length: number;
  /** `[images, length]`, one row after another. */
  readonly values: Float32Array;
}

/** Progress and cancel; `onTiles` is called for the tiles, which come before the features. */
export type FeatureOptions = WorkOptions & { readonly onTiles?: WorkOptions['onProgress'] };

/** Where the features of images lie. */
export interface PreparedFeatures {
  readonly place: FeaturePlace;
  /** The record of each image, in the requested order. */
  readonly slots: Int32Array;
}

/**
 * Computes the features of images that the cache lacks: what one-click training computes too, so that each is
 * computed once.
 * @throws AppError BACKBONE_NONE when no pretrained network is on this machine, DATASET_TILES_MISSING, CANCELLED
 */
export async function prepareFeatures(
  context: Pick<ServiceContext, 'settingsFolder' | 'engine'>,
  project: Project,
  images: readonly WantedImage[],
  options: FeatureOptions = {},
): Promise<PreparedFeatures> {
  const chosen = await chooseBackbone(context.settingsFolder);
  if (chosen === null) throw new AppError('BACKBONE_NONE');
  const backbone = await resolveBackbone(context.settingsFolder, chosen.id);
  return featuresOfNetwork(context, project, { backbone, spec: featureTiles(chosen) }, images, options);
}

/** A pretrained network with the tiles that it looks at. */
export interface FeatureNetwork {
  readonly backbone: BackboneWeights;
  readonly spec: { readonly size: number; readonly channels: 3 };
}

/** As `prepareFeatures`, of a network that is named. @throws AppError as `prepareFeatures` */
export async function featuresOfNetwork(
  context: Pick<ServiceContext, 'engine'>,
  project: Project,
  { backbone, spec }: FeatureNetwork,
  images: readonly WantedImage[],
  { signal, onProgress, onTiles }: FeatureOptions = {},
): Promise<PreparedFeatures> {
  const pack = await tilesOf(project, images, spec, { signal, onProgress: onTiles });
  const tiles = { path: pack.path, ...spec };
  const slots = packIntegers(pack.slots);
  const found = await context.engine.ask(async (engine) => {
    for await (const event of await engine.computeFeatures({ backbone, tiles, slots }, { signal })) {
      if (event.type === 'done') return event;
      onProgress?.(event.done, event.total);
    }
    throw new AppError('CANCELLED');
  }, signal);
  return { place: { tilesPath: pack.path, name: found.name, shape: found.shape }, slots: pack.slots };
}

/** The tiles that a network's features are computed from. */
export function featureTiles(backbone: Parameters<typeof transferSize>[0]) {
  return { size: transferSize(backbone), channels: 3 } as const;
}

/**
 * As `prepareFeatures`, of the images that can still be read: those whose files are gone are left out.
 * @param images whose tiles are held (`holdTiles` of `featureTiles`)
 * @throws AppError as `prepareFeatures`, DATASET_TILES_MISSING only when a file goes meanwhile
 */
export async function prepareReachable(
  context: Pick<ServiceContext, 'settingsFolder' | 'engine'>,
  project: Project,
  images: readonly WantedImage[],
  spec: TileSpec,
  options: FeatureOptions,
): Promise<PreparedFeatures & { readonly images: readonly WantedImage[] }> {
  return ofReachable(project, images, spec, async (some) => ({
    images: some,
    ...(await prepareFeatures(context, project, some, options)),
  }));
}

/**
 * Works with images, and again with those that can still be read where the files of some are gone.
 * @param work throws DATASET_TILES_MISSING where that is so, after the tiles of the others were made
 */
export async function ofReachable<Image extends WantedImage, Result>(
  project: Project,
  images: readonly Image[],
  spec: TileSpec,
  work: (images: readonly Image[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(images);
  } catch (error) {
    if (AppError.from(error).code !== 'DATASET_TILES_MISSING') throw error;
  }
  return work(await withTiles(project, images, spec));
}

/**
 * The features of images, in memory.
 * @throws AppError as `prepareFeatures`
 */
export async function imageFeatures(
  context: Pick<ServiceContext, 'settingsFolder' | 'engine'>,
  project: Project,
  images: readonly WantedImage[],
  options: WorkOptions = {},
): Promise<ImageFeatures> {
  const { place, slots } = await prepareFeatures(context, project, images, options);
  const rows = await openFeatureRows(place, slots);
  try {
    const length = rows.dimension;
    const values = new Float32Array(images.length * length);
    const atOnce = 1024;
    for (let start = 0; start < images.length; start += atOnce) {
      const end = Math.min(images.length, start + atOnce);
      const some = Array.from({ length: end - start }, (_, at) => start + at);
      await rows.read(some, values.subarray(start * length, end * length));
    }
    return { length, values };
  } finally {
    await rows.close();
  }
}
