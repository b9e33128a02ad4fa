/** Features and predictions of the project, computed on a cluster: sent in parts, each imported before the next. */
import { rm } from 'node:fs/promises';
import type { ExportProgress } from '../../contract/app/exports.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { tileBytes } from '../../datasets/photos/tiles.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { holdTiles } from '../project/image-caches.ts';
import { type ImportedResults, importResults } from '../shards/import-results.ts';
import { readResults } from '../shards/read-results.ts';
import { firstOfEach, listForShards } from '../shards/shard-list.ts';
import type { ShardModel } from '../shards/shard-model.ts';
import { openPlace } from '../shards/shard-place.ts';
import { type ShardWork, type WantedModel, wantedModel } from '../shards/shards.ts';
import { writeShards } from '../shards/write-shards.ts';
import { addCluster, listClusters, removeCluster } from './cluster-list.ts';
import { type JobFiles, type JobResources, uploadShards } from './job-packages.ts';
import { type FollowSocket, RayClient } from './ray-client.ts';
import { runJob } from './run-job.ts';

/** How work is done on a cluster. */
export interface ClusterChoice {
  readonly address: string;
  readonly resources: JobResources;
  /** Ray installs the packages of the job. */
  readonly install: boolean;
  /** Photos sent with one job. */
  readonly perJob: number;
}

/** What was computed. */
export interface ClusterResult {
  readonly model: string;
  readonly address: string;
  /** Photos that had results before. */
  readonly there: number;
  /** Photos that have them now. */
  readonly imported: number;
  /** Photos that have none: unreadable here, or failed there. */
  readonly missing: number;
  readonly jobs: number;
  readonly largestDifference: number;
}

/** Ray's dashboard takes packages of up to 100 MB. */
const packageBytes = 60e6;

/** What a host brings along. */
export interface ClusterHost extends JobFiles {
  readonly followSocket: FollowSocket;
}

/** Clusters, and work on them. */
export function createClusters(context: ServiceContext, host: ClusterHost) {
  const { settingsFolder } = context;
  const connect = (address: string): RayClient => new RayClient(address, host.followSocket);
  return {
    list: () => listClusters(settingsFolder),
    /** Adds a cluster that answers. @throws AppError CLUSTER_… */
    async add(address: string) {
      const ray = await connect(address).version();
      return { ...(await addCluster(settingsFolder, address)), ray };
    },
    remove: (address: string) => removeCluster(settingsFolder, address),
    /** How a cluster is now. @throws AppError CLUSTER_… */
    async status(address: string) {
      const client = connect(address);
      const ray = await client.version();
      return { address: client.address, ray, resources: await client.resources() };
    },
    /**
     * Computes what the open project lacks on a cluster.
     * @throws AppError CLUSTER_…, SHARD_…, BACKBONE_…, DISK_FULL, CANCELLED; what was imported before is kept
     */
    async compute(wanted: WantedModel, choice: ClusterChoice, work: ShardWork): Promise<ClusterResult> {
      const client = connect(choice.address);
      await client.version();
      const project = context.project();
      const model = await wantedModel(context, wanted);
      const release = holdTiles(project, model.spec);
      try {
        return await computeIn(context, project, model, { ...choice, client, files: host }, work);
      } finally {
        release();
      }
    },
  };
}

type Place = ClusterChoice & { readonly client: RayClient; readonly files: JobFiles };

async function computeIn(
  context: ServiceContext,
  project: Project,
  model: ShardModel,
  place: Place,
  { emit, signal }: ShardWork,
): Promise<ClusterResult> {
  const photos = firstOfEach(await listForShards(project));
  emit({ type: 'progress', phase: 'preparing photos', done: 0, total: null });
  const wanted = await model.missing(photos, signal);
  const counts = { imported: 0, jobs: 0, largestDifference: 0 };
  for (let start = 0; start < wanted.length; start += place.perJob) {
    throwIfCancelled(signal);
    const part = wanted.slice(start, start + place.perJob);
    const hashes = new Set(part.map(({ hash }) => hash));
    const onJob = (event: ExportProgress): void => {
      const { phase, done, total } = event;
      const share = total === null || total === 0 ? 0 : (done / total) * part.length;
      emit({ type: 'progress', phase, done: start + share, total: wanted.length });
    };
    const results = await computePart(context, project, model, place, hashes, { emit: onJob, signal });
    if (results === null) continue;
    counts.imported += results.imported + results.unchanged;
    counts.jobs++;
    counts.largestDifference = Math.max(counts.largestDifference, results.largestDifference);
  }
  const there = photos.length - wanted.length;
  const missing = Math.max(0, wanted.length - counts.imported);
  return { model: model.id, address: place.client.address, there, missing, ...counts };
}

/** Sends some photos and takes their results in; null where none of them can be read. */
async function computePart(
  context: ServiceContext,
  project: Project,
  model: ShardModel,
  { client, files, resources, install }: Place,
  only: ReadonlySet<string>,
  { emit, signal }: ShardWork,
): Promise<ImportedResults | null> {
  const out = temporaryPath('cluster');
  const perShard = Math.max(1, Math.floor(packageBytes / (tileBytes(model.spec) + 4096)));
  const folder = await openPlace(out, false);
  try {
    const written = await writeShards(context, project, {
      model,
      place: folder,
      perShard,
      only,
      emit,
      signal,
    });
    await folder.end();
    const { photos } = written.record;
    emit({ type: 'progress', phase: 'sending photos', done: 0, total: null });
    const environment = await uploadShards(client, out, files, install, signal);
    const into = joinInside(out, 'results.jsonl');
    const onProgress = (done: number): void =>
      emit({ type: 'progress', phase: 'computing on the cluster', done, total: photos });
    const name = `Lenslet: ${model.kind} of ${photos} photos`;
    await runJob(client, { environment, resources, name, into, photos }, onProgress, signal);
    return await importResults(project, model, () => readResults([into]), signal);
  } catch (error) {
    if (AppError.from(error).code === 'SHARD_NO_PHOTOS') return null;
    throw error;
  } finally {
    await folder.discard();
    await rm(out, { recursive: true, force: true });
  }
}
