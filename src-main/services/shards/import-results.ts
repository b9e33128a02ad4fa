/** Takes results in: found by hash, compared with what this computer computes, kept where they are not there yet. */
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { ResultLine } from '../../contract/shared/shards.ts';
import { createRandom } from '../../core/random/random.ts';
import { largestDifferenceOf } from '../../engine/base/difference.ts';
import { listContents } from '../../project/images/photo-contents.ts';
import type { Project } from '../../project/project.ts';
import { holdTiles } from '../project/image-caches.ts';
import { type ShardModel, type ShardPhoto, allowedDifference } from './shard-model.ts';
import { decodeValues } from './values.ts';

/** What became of the lines. */
export interface ImportedResults {
  readonly model: string;
  /** Photos that got a result now. */
  imported: number;
  /** Photos that had it already. */
  unchanged: number;
  /** Lines of contents that are not in the project. */
  unknown: number;
  /** Lines that are damaged or of another length. */
  damaged: number;
  /** Lines of other models. */
  otherModel: number;
  /** Lines that report a failure. */
  failed: number;
  /** Photos that were computed here to compare. */
  compared: number;
  /** Of the compared. */
  largestDifference: number;
}

/** Lines that can be read twice: the first reading decides whether they are believed. */
export type ReadResults = () => AsyncIterable<ResultLine | null> | Iterable<ResultLine | null>;

interface Sound {
  readonly hash: string;
  readonly values: Float32Array;
}

/** So many photos are computed here. */
const sampled = 10;
/** Results written at a time. */
const atOnce = 256;

/**
 * Takes results in. Done twice, nothing changes.
 * @throws AppError SHARD_RESULTS_OTHER_MODEL, SHARD_RESULTS_EMPTY, SHARD_RESULTS_DISAGREE, CANCELLED, DISK_FULL;
 *   nothing is imported then, save what was before a full disk or a cancel
 */
export async function importResults(
  project: Project,
  model: ShardModel,
  read: ReadResults,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<ImportedResults> {
  const byHash = Map.groupBy(await listContents(project.database), ({ hash }) => hash);
  const counts = emptyCounts(model.id);
  const { sample, wanted, foreign } = await look(model, byHash, read, counts, signal);
  if (wanted.size === 0) {
    if (counts.otherModel > 0)
      throw new AppError('SHARD_RESULTS_OTHER_MODEL', { found: foreign, expected: model.id });
    const { damaged, unknown, failed } = counts;
    throw new AppError('SHARD_RESULTS_EMPTY', { damaged, unknown, failed });
  }
  const release = holdTiles(project, model.spec);
  try {
    const photoOf = (hash: string): ShardPhoto => byHash.get(hash)![0];
    await compare(model, sample, photoOf, counts, signal);
    const photos = [...wanted].flatMap((hash) => byHash.get(hash)!);
    const places = new Map<string, number[]>();
    photos.forEach(({ hash }, at) => places.set(hash, [...(places.get(hash) ?? []), at]));
    await keep(model, photos, places, sound(model, byHash, read()), counts, signal, onProgress);
    return counts;
  } finally {
    release();
  }
}

function emptyCounts(model: string): ImportedResults {
  return {
    model,
    imported: 0,
    unchanged: 0,
    unknown: 0,
    damaged: 0,
    otherModel: 0,
    failed: 0,
    compared: 0,
    largestDifference: 0,
  };
}

/** The first reading: counts, and draws a sample in which every sound line has the same chance. */
async function look(
  model: ShardModel,
  byHash: ReadonlyMap<string, unknown>,
  read: ReadResults,
  counts: ImportedResults,
  signal: AbortSignal,
): Promise<{ sample: Sound[]; wanted: Set<string>; foreign: string }> {
  const sample: Sound[] = [];
  const wanted = new Set<string>();
  const random = createRandom(1);
  let foreign = '';
  for await (const line of read()) {
    throwIfCancelled(signal);
    if (line !== null && line.model !== model.id) foreign = line.model;
    const found = judge(model, byHash, line);
    if (typeof found === 'string') {
      counts[found]++;
      continue;
    }
    if (wanted.has(found.hash)) continue;
    wanted.add(found.hash);
    // Reservoir sampling (Vitter's algorithm R).
    const place = wanted.size <= sampled ? wanted.size - 1 : random.integer(wanted.size);
    if (place < sampled) sample[place] = found;
  }
  return { sample, wanted, foreign };
}

type Fault = 'unknown' | 'damaged' | 'otherModel' | 'failed';

/** A line as a sound result, or what is wrong with it. */
function judge(
  model: ShardModel,
  byHash: ReadonlyMap<string, unknown>,
  line: ResultLine | null,
): Sound | Fault {
  if (line === null) return 'damaged';
  if (line.model !== model.id) return 'otherModel';
  if (!byHash.has(line.hash)) return 'unknown';
  if ('error' in line) return 'failed';
  const values = decodeValues(line.values, model.length);
  return values === null ? 'damaged' : { hash: line.hash, values };
}

async function* sound(
  model: ShardModel,
  byHash: ReadonlyMap<string, unknown>,
  lines: AsyncIterable<ResultLine | null> | Iterable<ResultLine | null>,
): AsyncGenerator<Sound> {
  const seen = new Set<string>();
  for await (const line of lines) {
    const found = judge(model, byHash, line);
    if (typeof found === 'string' || seen.has(found.hash)) continue;
    seen.add(found.hash);
    yield found;
  }
}

/** @throws AppError SHARD_RESULTS_DISAGREE, DATASET_TILES_MISSING */
async function compare(
  model: ShardModel,
  sample: readonly Sound[],
  photoOf: (hash: string) => ShardPhoto,
  counts: ImportedResults,
  signal: AbortSignal,
): Promise<void> {
  const photos = sample.map(({ hash }) => photoOf(hash));
  const own = await model.compute(photos, signal);
  for (const [at, { values }] of sample.entries()) {
    const difference = largestDifferenceOf(values, own[at]);
    const tolerance = allowedDifference(own[at]);
    if (!(difference <= tolerance))
      throw new AppError('SHARD_RESULTS_DISAGREE', { difference, tolerance, path: photos[at].path });
    counts.largestDifference = Math.max(counts.largestDifference, difference);
  }
  counts.compared = sample.length;
}

async function keep(
  model: ShardModel,
  photos: readonly ShardPhoto[],
  places: ReadonlyMap<string, readonly number[]>,
  results: AsyncIterable<Sound>,
  counts: ImportedResults,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const store = await model.open(photos, signal);
  let indexes: number[] = [];
  let rows: Float32Array[] = [];
  const flush = async (): Promise<void> => {
    if (indexes.length === 0) return;
    await store.write(indexes, rows);
    counts.imported += indexes.length;
    [indexes, rows] = [[], []];
  };
  try {
    for await (const { hash, values } of results) {
      throwIfCancelled(signal);
      for (const index of places.get(hash) ?? []) {
        if (store.isThere(index, values)) counts.unchanged++;
        else {
          indexes.push(index);
          rows.push(values);
        }
      }
      if (indexes.length >= atOnce) await flush();
      onProgress(counts.imported + counts.unchanged, photos.length);
    }
    await flush();
  } finally {
    await store.close();
  }
}
