/** Features of the project's photos from the best pretrained network there is, from the cache where they are. */
import { AppError } from '../contract/errors.ts';
import { packIntegers } from '../core/packed-integers.ts';
import { openFeatureFile } from '../datasets/feature-file.ts';
import type { WorkOptions } from '../datasets/tile-store.ts';
import type { Project } from '../project/project.ts';
import { resolveBackbone } from './backbones/resolve-backbone.ts';
import type { ServiceContext } from './context.ts';
import { chooseBackbone } from './run-backbone.ts';
import { type WantedImage, tilesOf } from './run-tiles.ts';
import { transferSize } from './one-click.ts';

/** Features of images, in the order asked for. */
export interface ImageFeatures {
  /** Numbers per image. */
  readonly length: number;
  /** `[images, length]`, one row after another. */
  readonly values: Float32Array;
}

/** Where the features of images lie; `openFeatureFile` reads them. */
export interface FeaturePlace {
  /** The tile pack that they belong to. */
  readonly tiles: { readonly path: string; readonly size: number; readonly channels: 3 };
  readonly name: string;
  readonly shape: readonly number[];
  /** The record of each image, in the order asked for. */
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
  { signal, onProgress, onTiles }: WorkOptions & { readonly onTiles?: WorkOptions['onProgress'] } = {},
): Promise<FeaturePlace> {
  const chosen = await chooseBackbone(context.settingsFolder);
  if (chosen === null) throw new AppError('BACKBONE_NONE');
  const backbone = await resolveBackbone(context.settingsFolder, chosen.id);
  const spec = featureTiles(chosen);
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
  return { tiles, name: found.name, shape: found.shape, slots: pack.slots };
}

/** The tiles that a network's features are computed from. */
export function featureTiles(backbone: Parameters<typeof transferSize>[0]) {
  return { size: transferSize(backbone), channels: 3 } as const;
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
  const { tiles, name, shape, slots } = await prepareFeatures(context, project, images, options);
  const file = await openFeatureFile(tiles.path, name, shape);
  try {
    const length = shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(images.length * length);
    const bytes = new Uint8Array(values.buffer);
    const atOnce = 1024;
    for (let start = 0; start < images.length; start += atOnce) {
      const some = Array.from(slots.subarray(start, start + atOnce));
      await file.read(some, bytes.subarray(start * length * 4, (start + some.length) * length * 4));
    }
    return { length, values };
  } finally {
    await file.close();
  }
}
