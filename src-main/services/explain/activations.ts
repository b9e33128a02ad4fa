/** Activations of one photo, and the photos that excite a channel most. */
import { readFile, rm } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import type { Activations, Strongest } from '../../contract/app/explain/activations.ts';
import type { ExplainModel, ExplainPhoto } from '../../contract/app/explain/network.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { openTilePack } from '../../datasets/tiles/tile-reader.ts';
import { findImages } from '../../project/images/images.ts';
import { listImageIds } from '../../project/images/photo-lists.ts';
import { tilesOfImages } from '../project/image-caches.ts';
import { type DrawnLayer, activationPictures, layerGrid } from './draw-activations.ts';
import {
  type ExplainContext,
  type Emit,
  follow,
  openModel,
  reference,
  photoFor,
  secondsSince,
} from './explain-context.ts';
import type { Raster } from './raster.ts';
import { modelTile } from '../runs/run-tiles.ts';

/** Address of a result. */
export function resultAddress(id: string, ...path: string[]): string {
  return ['media/explain', id, ...path.map(encodeURIComponent)].join('/');
}

/** Computes and keeps the activations of a photo. @throws AppError MODEL_…, IMAGE_…, NOT_FOUND */
export async function lookAtActivations(
  explain: ExplainContext,
  input: {
    model: ExplainModel;
    photo: ExplainPhoto;
    layers?: string[] | undefined;
    afterActivation: boolean;
  },
  signal: AbortSignal,
): Promise<Activations> {
  const start = performance.now();
  const opened = await openModel(explain, input.model);
  const photo = await photoFor(explain, opened, input.photo);
  const into = temporaryPath('activations');
  try {
    const { found, seen } = await photo.use(async (tiles, slot) => {
      const { layers = null, afterActivation } = input;
      const request = { ...reference(opened), tiles, slot, layers, afterActivation, into };
      const pixels = await readTile(tiles, slot);
      const answer = await explain.context.engine.ask(
        (engine) => engine.explain.activations(request, { signal }),
        signal,
      );
      return { found: answer, seen: pixels };
    });
    const planes = await readFile(into);
    const drawn = found.layers.map(({ offset, ...layer }): DrawnLayer => {
      const bytes = layer.channels * layer.height * layer.width;
      return { ...layer, planes: planes.subarray(offset, offset + bytes) };
    });
    const id = explain.results.add(
      activationPictures({
        layers: drawn,
        software: explain.software,
        settings: { ...opened.about, photo: photo.name },
        title: `Activations of ${opened.name} for ${photo.name}`,
        photo: (side) => photo.raster(side),
        seen,
      }),
    );
    const layers = found.layers.map((layer) => ({
      ...layer,
      grid: layerGrid(layer),
      picture: resultAddress(id, 'layer', layer.name),
    }));
    return {
      type: 'done',
      id,
      predictions: found.predictions,
      layers,
      photo: resultAddress(id, 'photo'),
      picture: resultAddress(id),
      seconds: secondsSince(start),
    };
  } finally {
    await rm(into, { force: true });
  }
}

async function readTile(
  tiles: { path: string; size: number; channels: 1 | 3 },
  slot: number,
): Promise<Raster> {
  const { size, channels } = tiles;
  const bytes = new Uint8Array(size * size * channels);
  const reader = await openTilePack(tiles, false);
  await reader.read([slot], bytes).finally(() => reader.close());
  if (channels === 3) return { width: size, height: size, channels, data: bytes };
  const data = Uint8Array.from({ length: bytes.length * 3 }, (_, i) => bytes[Math.floor(i / 3)]);
  return { width: size, height: size, channels: 3, data };
}

/** So many photos of the dataset, evenly chosen. */
function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);
}

/** Finds the photos of the dataset that excite a channel most. @throws AppError MODEL_…, DATASET_EMPTY, CANCELLED */
export async function lookForStrongest(
  explain: ExplainContext,
  input: {
    model: ExplainModel;
    layer: string;
    channel: number;
    split?: Split | undefined;
    count: number;
    limit: number;
  },
  emit: Emit<Strongest>,
  signal: AbortSignal,
): Promise<Strongest> {
  const project = explain.context.project();
  const opened = await openModel(explain, input.model);
  const all = listImageIds(project.database, { split: input.split });
  if (all.length === 0) throw new AppError('DATASET_EMPTY');
  const ids = evenly(all, input.limit);
  const rows = findImages(project.database, ids);
  const spec = modelTile(opened.overview.description);
  const pack = await tilesOfImages(project, rows, spec, {
    signal,
    onProgress: (done, total) => emit({ type: 'progress', phase: 'preparing images', done, total }),
  });
  const { layer, channel, count } = input;
  const request = {
    ...reference(opened),
    tiles: { path: pack.path, ...spec },
    slots: Array.from(pack.slots),
    layer,
    channel,
    count,
  };
  const found = await follow(
    explain,
    (engine, ending) => engine.explain.strongest(request, { signal: ending }),
    emit,
    signal,
  );
  const photos = found.photos.map(({ place, ...photo }) => ({ ...photo, image: rows[place].id }));
  return { type: 'done', layer: found.layer, channel, photos, looked: rows.length, total: all.length };
}
