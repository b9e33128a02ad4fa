/** The photos that are shown to a network: as it gets them, and as people look at them. */
import { basename } from 'node:path';
import type { TilePack as PackOnDisk } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ExplainPhoto } from '../../contract/app/explain/network.ts';
import { createLocator } from '../../datasets/tiles/image-location.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { writeTemporaryPack } from '../../datasets/tiles/tile-store.ts';
import { type TileSpec, decodePhoto } from '../../datasets/photos/tiles.ts';
import { openTilePack } from '../../datasets/tiles/tile-reader.ts';
import { type ImageRow, findImage } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { tilesOfImages } from '../project/image-caches.ts';
import { listUpload } from '../base/uploads.ts';
import type { Raster } from './raster.ts';

/** A photo that was found. */
export interface FoundPhoto {
  /** For people. */
  readonly name: string;
  /** The photo upright, its long side at most so many pixels. @throws AppError IMAGE_… */
  readonly raster: (longSide: number) => Promise<Raster>;
  /**
   * Lets `work` have the photo as a slot of a tile pack.
   * @throws AppError IMAGE_…, DATASET_TILES_MISSING
   */
  readonly withTile: <T>(spec: TileSpec, work: (tiles: PackOnDisk, slot: number) => Promise<T>) => Promise<T>;
}

/** Finds a photo. @throws AppError NOT_FOUND, PROJECT_NOT_OPEN */
export async function findPhoto(context: ServiceContext, photo: ExplainPhoto): Promise<FoundPhoto> {
  if (photo.kind === 'pick') return ofFile(context.pickedPaths.resolve(photo.pick));
  const project = context.project();
  if (photo.kind === 'image') return ofProject(project, requireImage(project, photo.image));
  const file = (await listUpload(project, photo.upload)).at(photo.index);
  if (file !== undefined) return ofFile(file.absolutePath);
  throw new AppError('NOT_FOUND', { what: 'uploaded file', id: `${photo.upload}/${photo.index}` });
}

/** An image of the project. @throws AppError NOT_FOUND */
export function requireImage(project: Project, id: number): ImageRow {
  const image = findImage(project.database, id);
  if (image === null) throw new AppError('NOT_FOUND', { what: 'photo', id });
  return image;
}

function ofFile(path: string): FoundPhoto {
  return {
    name: basename(path),
    raster: (longSide) => decodeFile(path, longSide),
    async withTile(spec, work) {
      const pack = await writeTemporaryPack(temporaryPath('explain'), spec, [path]);
      try {
        const [error] = pack.errors;
        if (error !== null) throw error;
        return await work({ path: pack.path, ...spec }, pack.slots[0]);
      } finally {
        await pack.dispose();
      }
    },
  };
}

/** A photo of the project, whose tile may be in its cache. */
export function ofProject(project: Project, image: ImageRow): FoundPhoto {
  const withTile: FoundPhoto['withTile'] = async (spec, work) => {
    const pack = await tilesOfImages(project, [image], spec);
    return work({ path: pack.path, ...spec }, pack.slots[0]);
  };
  const isFile = image.format !== 'idx';
  return {
    name: basename(image.path),
    raster: (longSide) =>
      isFile ? decodeFile(createLocator(project.folder)(image).path, longSide) : idxRaster(image, withTile),
    withTile: async (spec, work) => {
      try {
        return await withTile(spec, work);
      } catch (error) {
        // One photo is meant here, not the many of a training run.
        const missing = error instanceof AppError && error.code === 'DATASET_TILES_MISSING';
        throw missing ? new AppError('IMAGE_MISSING', {}, { cause: error }) : error;
      }
    },
  };
}

async function decodeFile(path: string, longSide: number): Promise<Raster> {
  return (await decodePhoto(path, longSide)).working;
}

/** An idx image has no separate file; enlarged so that its pixels show. */
async function idxRaster(image: ImageRow, withTile: FoundPhoto['withTile']): Promise<Raster> {
  const size = Math.max(image.width, image.height);
  const grey = new Uint8Array(size * size);
  await withTile({ size, channels: 1 }, async (tiles, slot) => {
    const reader = await openTilePack(tiles, false);
    await reader.read([slot], grey).finally(() => reader.close());
  });
  const factor = Math.max(1, Math.floor(448 / size));
  const side = size * factor;
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const [y, x] = [Math.floor(i / side / factor), Math.floor((i % side) / factor)];
    data.fill(grey[y * size + x], i * 3, i * 3 + 3);
  }
  return { width: side, height: side, channels: 3, data };
}
