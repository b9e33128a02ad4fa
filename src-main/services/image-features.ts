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

/**
 * The features of images: what one-click training computes too, so that each is computed once.
 * @throws AppError BACKBONE_NONE when no pretrained network is on this machine, DATASET_TILES_MISSING, CANCELLED
 */
export async function imageFeatures(
  context: Pick<ServiceContext, 'settingsFolder' | 'engine'>,
  project: Project,
  images: readonly WantedImage[],
  options: WorkOptions = {},
): Promise<ImageFeatures> {
  const chosen = await chooseBackbone(context.settingsFolder);
  if (chosen === null) throw new AppError('BACKBONE_NONE');
  const backbone = await resolveBackbone(context.settingsFolder, chosen.id);
  const spec = { size: transferSize(chosen), channels: 3 } as const;
  const { signal, onProgress } = options;
  const pack = await tilesOf(project, images, spec, { signal });
  const tiles = { path: pack.path, ...spec };
  const slots = packIntegers(pack.slots);
  const found = await context.engine.ask(async (engine) => {
    for await (const event of await engine.computeFeatures({ backbone, tiles, slots }, { signal })) {
      if (event.type === 'done') return event;
      onProgress?.(event.done, event.total);
    }
    throw new AppError('CANCELLED');
  }, signal);
  const file = await openFeatureFile(pack.path, found.name, found.shape);
  try {
    const length = found.shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(images.length * length);
    const bytes = new Uint8Array(values.buffer);
    const atOnce = 1024;
    for (let start = 0; start < images.length; start += atOnce) {
      const some = Array.from(pack.slots.subarray(start, start + atOnce));
      await file.read(some, bytes.subarray(start * length * 4, (start + some.length) * length * 4));
    }
    return { length, values };
  } finally {
    await file.close();
  }
}
