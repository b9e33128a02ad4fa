/** Work for other machines: shards out, results in. */
import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ExportProgress } from '../../contract/app/exports.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { listContents } from '../../project/images/photo-contents.ts';
import type { ServiceContext } from '../base/context.ts';
import { type LocalFeatures, type WantedFeatures, computeHere, featuresModel } from './features-model.ts';
import { type ImportedResults, importResults } from './import-results.ts';
import { isResultName, readResults, resultFiles } from './read-results.ts';
import { shardRunModel } from './run-model.ts';
import { isStorageAddress, openStorage } from './s3-storage.ts';
import type { ShardModel } from './shard-model.ts';
import { firstOfEach } from './shard-list.ts';
import { openPlace } from './shard-place.ts';
import { type WrittenShards, writeShards } from './write-shards.ts';

/** Whose work is done elsewhere: a run's answers, or the features of a pretrained network. */
export interface WantedModel extends WantedFeatures {
  readonly run?: string | undefined;
}

/** Progress and cancel. */
export interface ShardWork {
  readonly emit: (event: ExportProgress) => void;
  readonly signal: AbortSignal;
}

/** The network of the open project that is meant. @throws AppError NOT_FOUND, TRAINING_NO_MODEL, BACKBONE_… */
export function wantedModel(context: ServiceContext, { run, ...features }: WantedModel): Promise<ShardModel> {
  const project = context.project();
  return run === undefined ? featuresModel(context, project, features) : shardRunModel(context, project, run);
}

/** Shards of the open project. */
export function createShards(context: ServiceContext) {
  return {
    /**
     * Writes the photos of the open project with a network.
     * @param out a path, or `s3://bucket/prefix`
     * @throws AppError SHARD_…, EXPORT_…, BACKBONE_…, DISK_FULL, CANCELLED; nothing is left in a folder then
     */
    async write(
      wanted: WantedModel,
      { out, overwrite, perShard }: { out: string; overwrite: boolean; perShard: number },
      { emit, signal }: ShardWork,
    ): Promise<WrittenShards & { readonly out: string }> {
      const project = context.project();
      const model = await wantedModel(context, wanted);
      const place = await openPlace(isStorageAddress(out) ? out : resolve(out), overwrite);
      try {
        const written = await writeShards(context, project, { model, place, perShard, emit, signal });
        return { ...written, out: await place.end() };
      } finally {
        await place.discard();
      }
    },

    /**
     * Computes the features that the open project lacks on this computer.
     * @throws AppError BACKBONE_…, CANCELLED, DISK_FULL; what was computed before is kept
     */
    async compute(wanted: WantedFeatures, { emit, signal }: ShardWork): Promise<LocalFeatures> {
      const project = context.project();
      const photos = firstOfEach(await listContents(project.database));
      const phase = (name: string) => (done: number, total: number) =>
        emit({ type: 'progress', phase: name, done, total });
      const options = { signal, onTiles: phase('preparing photos'), onProgress: phase('computing features') };
      return computeHere(context, project, wanted, photos, options);
    },

    /**
     * Reads results back.
     * @param from a file, a folder with `results*.jsonl`, or `s3://bucket/prefix`
     * @throws AppError SHARD_…, CANCELLED, DISK_FULL
     */
    async import(wanted: WantedModel, from: string, { emit, signal }: ShardWork): Promise<ImportedResults> {
      const project = context.project();
      const onProgress = (done: number, total: number): void =>
        emit({ type: 'progress', phase: 'importing results', done, total });
      return withFiles(from, signal, async (files) => {
        const model = await wantedModel(context, wanted);
        return importResults(project, model, () => readResults(files), signal, onProgress);
      });
    },
  };
}

/** Works with the files of results, fetched where they lie elsewhere. */
async function withFiles<T>(
  from: string,
  signal: AbortSignal,
  work: (files: string[]) => Promise<T>,
): Promise<T> {
  if (!isStorageAddress(from)) return work(await resultFiles(resolve(from)));
  const storage = openStorage(from);
  const names = (await storage.list(signal)).filter(isResultName);
  if (names.length === 0) throw new AppError('SHARD_RESULTS_MISSING', { path: from });
  const folder = temporaryPath('results');
  try {
    await mkdir(folder).catch((error: unknown) => {
      throw fromWriteError(error, folder);
    });
    for (const name of names) await storage.fetch(name, joinInside(folder, name), signal);
    return await work(await resultFiles(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
