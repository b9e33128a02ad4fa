/** Training tiles for the engine: from the cache where they are, else made from the originals. */
import { rm } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { hashPixels, openIdx, readIdxImages } from './idx.ts';
import type { ImageCache } from './image-cache.ts';
import { mapInOrder, parallelDecodes } from '../../core/threads/map-in-order.ts';
import { PackFile } from '../../core/files/pack-file.ts';
import type { TilePackInfo } from './tile-packs.ts';
import { type TileSpec, decodeTile, tileBytes, tileFromPixels } from '../photos/tiles.ts';

/** Where the pixels of an image come from: a file of its own, or a place in an idx file. */
export interface ImageSource {
  /** Hash of the content, as the project knows it. */
  readonly hash: string;
  /** Null: nowhere that may be read. */
  readonly path: string | null;
  readonly idxIndex?: number | undefined;
}

/** A file of raw tiles: record k is `size · size · channels` bytes from `k` times that. */
export interface TileRecords extends TileSpec {
  readonly path: string;
  /** The record of each image asked for, in the order asked. */
  readonly slots: Int32Array;
}

/** A pack of the cache, with its folder and identity. */
export interface TilePack extends TileRecords, TilePackInfo {}

/** Progress and cancel of work on many images. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Tiles are written in batches of about this many bytes. */
const batchBytes = 8 * 1024 * 1024;

/**
 * Makes sure that the tiles of all images are in the pack of this size.
 * @throws AppError DATASET_TILES_MISSING when originals that are needed are gone or changed; CANCELLED; DISK_FULL
 */
export async function ensureTiles(
  cache: ImageCache,
  spec: TileSpec,
  images: readonly ImageSource[],
  options: WorkOptions = {},
): Promise<TilePack> {
  const hashes = images.map((image) => image.hash);
  let slots = await cache.slots(spec, hashes);
  const wanted = new Map<string, ImageSource>();
  images.forEach((image, i) => {
    if (slots[i] < 0) wanted.set(image.hash, image);
  });
  if (wanted.size > 0) {
    await makeTiles(cache, spec, [...wanted.values()], options);
    slots = await cache.slots(spec, hashes);
  }
  const missing = slots.reduce((count, slot) => count + (slot < 0 ? 1 : 0), 0);
  if (missing > 0) throw new AppError('DATASET_TILES_MISSING', { count: missing, size: spec.size });
  return { ...(await cache.tilePackInfo(spec)), ...spec, slots };
}

async function makeTiles(
  cache: ImageCache,
  spec: TileSpec,
  images: readonly ImageSource[],
  options: WorkOptions,
): Promise<void> {
  let batch: { hash: string; tile: Uint8Array }[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    await cache.addTiles(spec, batch);
    batch = [];
  };
  try {
    for await (const made of readTiles(images, spec, options.signal)) {
      options.onProgress?.(++done, images.length);
      if (made.tile !== null) batch.push({ hash: made.hash, tile: made.tile });
      if (batch.length * tileBytes(spec) >= batchBytes) await flush();
    }
  } finally {
    // What was decoded before a cancel is worth keeping.
    await flush();
  }
}

/** Tiles of images, idx files after the others; `tile: null` where the original is gone, changed or unreadable. */
async function* readTiles(
  images: readonly ImageSource[],
  spec: TileSpec,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ hash: string; tile: Uint8Array | null }> {
  const files = images.filter((image) => image.idxIndex === undefined);
  yield* mapInOrder(files, parallelDecodes, (image) => readTile(image, spec), signal);
  const byFile = Map.groupBy(
    images.filter((image) => image.idxIndex !== undefined),
    (image) => image.path,
  );
  for (const [path, members] of byFile) yield* readIdxTiles(path, members, spec, signal);
}

async function readTile(
  image: ImageSource,
  spec: TileSpec,
): Promise<{ hash: string; tile: Uint8Array | null }> {
  const { hash, path } = image;
  if (path === null) return { hash, tile: null };
  try {
    // A photo that was edited since its import is another photo.
    return { hash, tile: await decodeTile(path, spec, hash) };
  } catch (error) {
    if (AppError.from(error).code.startsWith('IMAGE_')) return { hash, tile: null };
    throw error;
  }
}

async function* readIdxTiles(
  path: string | null,
  members: readonly ImageSource[],
  spec: TileSpec,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ hash: string; tile: Uint8Array | null }> {
  const wanted = new Map(members.map((image) => [image.idxIndex, image]));
  const opened = path === null ? null : openIdx(path, signal);
  const dataset = await opened?.catch((error: unknown) => {
    throwIfCancelled(signal);
    if (AppError.from(error).code === 'DATASET_IDX_INVALID') return null;
    throw error;
  });
  if (dataset == null) {
    for (const { hash } of members) yield { hash, tile: null };
    return;
  }
  const found = (async function* () {
    for await (const { index, pixels } of readIdxImages(dataset)) {
      const image = wanted.get(index);
      if (image !== undefined) yield { hash: image.hash, pixels: Buffer.from(pixels) };
    }
  })();
  const [width, height] = [dataset.columns, dataset.rows];
  yield* mapInOrder(
    found,
    parallelDecodes,
    ({ hash, pixels }) => {
      const isSame = hashPixels(pixels) === hash;
      const tile = isSame ? tileFromPixels({ width, height, channels: 1, data: pixels }, spec) : null;
      return Promise.resolve({ hash, tile });
    },
    signal,
  );
}

/** Tiles of files that are not part of the project, in a pack of their own. */
export interface TemporaryPack extends TileRecords {
  /** What is wrong with a file whose slot is −1; null for the others. */
  readonly errors: readonly (AppError | null)[];
  /** Removes the pack. */
  dispose(): Promise<void>;
}

/**
 * Decodes files to a temporary pack, for a prediction. What cannot be decoded gets slot −1 and its error.
 * @param path where to write it
 * @throws AppError CANCELLED, DISK_FULL, FILE_UNWRITABLE
 */
export async function writeTemporaryPack(
  path: string,
  spec: TileSpec,
  paths: readonly string[],
  options: WorkOptions = {},
): Promise<TemporaryPack> {
  const pack = await PackFile.open(path);
  const slots = new Int32Array(paths.length).fill(-1);
  const errors: (AppError | null)[] = [];
  const dispose = (): Promise<void> => rm(pack.path, { force: true });
  const tileOf = async (path: string): Promise<Uint8Array | AppError> => {
    try {
      return await decodeTile(path, spec);
    } catch (error) {
      const found = AppError.from(error);
      if (found.kind === 'expected') return found;
      throw found;
    }
  };
  let used = 0;
  try {
    for await (const tile of mapInOrder(paths, parallelDecodes, tileOf, options.signal)) {
      const failed = tile instanceof AppError;
      if (!failed) {
        slots[errors.length] = used;
        await pack.write([tile], used++ * tileBytes(spec), { durable: false });
      }
      errors.push(failed ? tile : null);
      options.onProgress?.(errors.length, paths.length);
    }
    return { path: pack.path, ...spec, slots, errors, dispose };
  } catch (error) {
    await dispose();
    throw error;
  } finally {
    await pack.close();
  }
}
