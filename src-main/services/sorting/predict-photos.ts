/**
 * Predicts the photos of a sorting as a stream: each is read once, a few dozen are in memory, and what is known of
 * them is written before the next ones count. While the network computes, the next photos are decoded.
 */
import { rm } from 'node:fs/promises';
import type { TilePack } from '../../contract/engine/engine.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Judgement } from '../../contract/shared/calibration.ts';
import { realInside } from '../../core/files/join-inside.ts';
import { PackFile } from '../../core/files/pack-file.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { mapInOrder, parallelDecodes } from '../../core/threads/map-in-order.ts';
import { likeliest } from '../../core/statistics/likeliest.ts';
import type { Detection } from '../../datasets/label-files/megadetector.ts';
import { type SortedPhoto, type TileSpec, readForSorting } from '../../datasets/photos/tiles.ts';
import type { EngineClient } from '../base/engine-client.ts';
import type { FoundModel } from '../runs/models.ts';
import type { PartsOfPhoto } from './boxes.ts';
import type { SortSession } from '../../project/sorting/session-database.ts';
import {
  type FoundPhoto,
  type PredictedPhoto,
  foundPhotos,
  writePredicted,
} from '../../project/sorting/session-photos.ts';
import { modelTile } from '../runs/run-tiles.ts';

/** Photos predicted and written at once. A kill loses at most these and those being decoded. */
const photosAtOnce = 64;

type Found = FoundPhoto & { readonly id: number };
type Read =
  | { readonly id: number; readonly error: AppError }
  | { readonly id: number; readonly photo: SortedPhoto; readonly parts: PartsOfPhoto };

/** What the network said of one tile. */
interface Answer {
  readonly probabilities: Float32Array;
  readonly judgement: Judgement | null;
}

/** What the stream works with. */
export interface Stream {
  readonly engine: EngineClient;
  readonly model: FoundModel;
  /** What of a photo is classified. */
  readonly partsOf: (path: string) => PartsOfPhoto;
  readonly signal?: AbortSignal | undefined;
  /** Called with the photos that were written. */
  readonly onDone: (photos: number) => void;
}

/**
 * Predicts what is not predicted yet. What cannot be read is noted with its error.
 * @throws AppError CANCELLED, DISK_FULL, BACKEND_…; what was written by then stays
 */
export async function predictPhotos(session: SortSession, stream: Stream): Promise<void> {
  const spec = modelTile(stream.model.description);
  const root = session.about.source;
  const read = (found: Found): Promise<Read> => readPhoto(root, found, spec, stream);
  const reading = mapInOrder(foundPhotos(session), parallelDecodes, read, stream.signal);
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of inBatches(reading, photosAtOnce)) {
      await writing;
      throwIfCancelled(stream.signal);
      writing = predictBatch(session, batch, spec, stream);
      // It is waited for above or below; until then its failure is nobody's.
      writing.catch(() => undefined);
    }
  } finally {
    await writing.catch((error: unknown) => {
      if (stream.signal?.aborted !== true) throw error;
    });
  }
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function readPhoto(root: string, { id, path }: Found, spec: TileSpec, stream: Stream): Promise<Read> {
  try {
    const parts = stream.partsOf(path);
    const boxes = parts.kind === 'whole' ? 'whole' : parts.classified.map(({ box }) => box);
    return { id, parts, photo: await readForSorting(realInside(root, path), spec, boxes) };
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.kind !== 'expected') throw error;
    return { id, error };
  }
}

async function predictBatch(
  session: SortSession,
  batch: readonly Read[],
  spec: TileSpec,
  stream: Stream,
): Promise<void> {
  const tiles = batch.flatMap((read) => ('photo' in read ? read.photo.tiles : []));
  const answers = await predictTiles(
    tiles.map(({ pixels }) => pixels),
    spec,
    stream,
  );
  let at = 0;
  const rows = batch.map((read) => {
    if ('error' in read) return read;
    const own = answers.slice(at, at + read.photo.tiles.length);
    at += own.length;
    return predicted(read.id, read.photo, read.parts, own, session.about.classes);
  });
  writePredicted(session, rows);
  stream.onDone(batch.length);
}

async function predictTiles(
  tiles: readonly Uint8Array[],
  spec: TileSpec,
  { engine, model, signal }: Stream,
): Promise<Answer[]> {
  if (tiles.length === 0) return [];
  const path = temporaryPath('sorting');
  const file = await PackFile.open(path);
  try {
    await file.write(tiles, 0, { durable: false });
    const pack: TilePack = { path, ...spec };
    const slots = tiles.map((_, index) => index);
    const request = { model: model.path, preprocessing: model.preprocessing, tiles: pack, slots };
    const { probabilities, judgements } = await engine.ask(
      (process) => process.predict(request, { signal }),
      signal,
    );
    return probabilities.map((row, index) => ({
      probabilities: Float32Array.from(row),
      judgement: judgements[index],
    }));
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

/** Of several boxes the surest one speaks for the photo; where they hold different classes, a person has to look. */
function predicted(
  id: number,
  { hash, shot, place }: SortedPhoto,
  parts: PartsOfPhoto,
  answers: readonly Answer[],
  classes: readonly string[],
): PredictedPhoto {
  const about = { id, hash, ...shot, place };
  if (parts.kind === 'whole') return { ...about, boxes: null, aside: null, several: false, ...answers[0] };
  const labels = answers.map(({ probabilities }) => likeliest(probabilities));
  const judged = (box: Detection, index: number) => ({
    ...box,
    label: labels[index] === undefined ? null : (classes[labels[index]] ?? null),
    probability: labels[index] === undefined ? null : answers[index].probabilities[labels[index]],
  });
  const boxes = [...parts.classified, ...parts.others].map(judged);
  const nothing = { probabilities: null, judgement: null };
  const surest = answers.at(0) ?? nothing;
  return { ...about, boxes, aside: parts.aside, several: new Set(labels).size > 1, ...surest };
}
