/** Writes what a cluster needs: photos in archives, a manifest, the network, and golden photos to prove it by. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import type { ExportProgress } from '../../contract/app/exports.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { type ManifestLine, type ShardsRecord, shardsVersion } from '../../contract/shared/shards.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { joinInside } from '../../core/files/join-inside.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { mapInOrder, parallelDecodes } from '../../core/threads/map-in-order.ts';
import { onnxInput, onnxOutput } from '../../engine/onnx/write-onnx.ts';
import { listClasses } from '../../project/images/classes.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { exportRecord } from '../exports/export-folder.ts';
import { holdTiles, tilePng } from '../project/image-caches.ts';
import { tilesOf, withTiles } from '../runs/run-tiles.ts';
import { type GroupedContent, firstOfEach, listForShards } from './shard-list.ts';
import { type ShardModel, modelFile, modelFolder, resultTolerance } from './shard-model.ts';
import type { ShardPlace } from './shard-place.ts';
import { ShardWriter } from './shard-writer.ts';
import { encodeValues } from './values.ts';

/** What was written. */
export interface WrittenShards {
  readonly record: ShardsRecord;
  /** Photos whose files cannot be read; they are in no archive. */
  readonly unreadable: number;
}

/** How it is written. */
export interface ShardOptions {
  readonly model: ShardModel;
  readonly place: ShardPlace;
  /** Photos in an archive. */
  readonly perShard: number;
  /** Only these contents; left out: all. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly emit: (event: ExportProgress) => void;
  readonly signal: AbortSignal;
}

/** Golden photos. */
const maxGolden = 10;

/** The record, written last. */
const shardsRecord = 'shards.json';
const goldenFolder = 'golden';

/**
 * Writes the photos of a project with a network.
 * @throws AppError SHARD_NO_PHOTOS, SHARD_STORAGE_…, EXPORT_…, DISK_FULL, CANCELLED
 */
export async function writeShards(
  context: ServiceContext,
  project: Project,
  options: ShardOptions,
): Promise<WrittenShards> {
  const { model, place, only, emit, signal } = options;
  const listed = await listForShards(project);
  const wanted = only === undefined ? listed : listed.filter(({ hash }) => only.has(hash));
  const release = holdTiles(project, model.spec);
  try {
    const { photos, unreadable } = await readable(project, model, firstOfEach(wanted), options);
    if (photos.length === 0) throw new AppError('SHARD_NO_PHOTOS');
    emit({ type: 'progress', phase: 'writing the network', done: 0, total: null });
    const folder = joinInside(place.workshop, modelFolder);
    await mkdir(folder).catch((error: unknown) => {
      throw fromWriteError(error, folder);
    });
    await model.write(folder, emit, signal);
    const golden = await writeGolden(project, options, photos);
    const classes = listClasses(project.database).map(({ name }) => name);
    const written = await writePhotos(project, options, wanted, photos);
    const network = createHash('sha256').update(await readFile(joinInside(folder, modelFile)));
    const { id, kind, length, spec } = model;
    const record: ShardsRecord = {
      lensletShards: shardsVersion,
      lenslet: `Lenslet ${context.info.version}`,
      project: project.name,
      classes,
      model: {
        id,
        kind,
        file: `${modelFolder}/${modelFile}`,
        sha256: network.digest('hex'),
        input: onnxInput,
        output: onnxOutput,
        imageSize: spec.size,
        channels: spec.channels,
        length,
        classes: model.classes === null ? null : [...model.classes],
      },
      golden,
      photos: photos.length,
      ...written,
    };
    await putTree(place, modelFolder, signal);
    await putTree(place, goldenFolder, signal);
    await writeRecord(place, record, signal);
    return { record, unreadable };
  } finally {
    release();
  }
}

/** Those whose tiles are there or can be made. */
async function readable(
  project: Project,
  { spec }: ShardModel,
  photos: readonly GroupedContent[],
  { emit, signal }: ShardOptions,
): Promise<{ photos: GroupedContent[]; unreadable: number }> {
  const onProgress = (done: number, total: number): void =>
    emit({ type: 'progress', phase: 'preparing photos', done, total });
  try {
    await tilesOf(project, photos, spec, { signal, onProgress });
  } catch (error) {
    if (AppError.from(error).code !== 'DATASET_TILES_MISSING') throw error;
  }
  const there = await withTiles(project, photos, spec);
  return { photos: there, unreadable: photos.length - there.length };
}

/** A photo as the network takes it, as PNG. */
async function pngOf(project: Project, { spec }: ShardModel, hash: string): Promise<Buffer> {
  const png = await tilePng(project, spec, hash);
  if (png === null) throw new AppError('IMAGE_MISSING');
  return png;
}

async function writeGolden(
  project: Project,
  { model, place, signal }: ShardOptions,
  photos: readonly GroupedContent[],
): Promise<ShardsRecord['golden']> {
  const step = Math.max(1, Math.floor(photos.length / maxGolden));
  const chosen = photos.filter((_, at) => at % step === 0).slice(0, maxGolden);
  const values = await model.compute(chosen, signal);
  const lines: string[] = [];
  for (const [at, { hash }] of chosen.entries()) {
    const png = await pngOf(project, model, hash);
    await writeFileAtomically(joinInside(place.workshop, `${goldenFolder}/${hash}.png`), png);
    lines.push(`${JSON.stringify({ hash, model: model.id, values: encodeValues(values[at]) })}\n`);
  }
  const file = `${goldenFolder}/expected.jsonl`;
  await writeFileAtomically(joinInside(place.workshop, file), lines.join(''));
  return { file, photos: chosen.length, tolerance: resultTolerance };
}

/** Photos into archives, then all photos of these contents into the manifest. */
async function writePhotos(
  project: Project,
  { model, place, perShard, emit, signal }: ShardOptions,
  listed: readonly GroupedContent[],
  photos: readonly GroupedContent[],
): Promise<Pick<ShardsRecord, 'shards' | 'manifest'>> {
  const classes = listClasses(project.database);
  const places = new Map(classes.map(({ id }, at) => [id, at]));
  const labelOf = ({ classId }: GroupedContent): number | null =>
    classId === null ? null : (places.get(classId) ?? null);
  const nameOf = (photo: GroupedContent): string | null => classes[labelOf(photo) ?? -1]?.name ?? null;
  const writer = new ShardWriter(place, perShard, signal);
  const shardOf = new Map<string, string>();
  try {
    const pack = async (photo: GroupedContent) => ({ photo, png: await pngOf(project, model, photo.hash) });
    let done = 0;
    for await (const { photo, png } of mapInOrder(photos, parallelDecodes, pack, signal)) {
      const { hash, split, group, path } = photo;
      const about = { hash, class: nameOf(photo), split, group, path };
      shardOf.set(hash, await writer.add({ hash, png, label: labelOf(photo), about }));
      emit({ type: 'progress', phase: 'writing photos', done: ++done, total: photos.length });
    }
    for (const photo of listed) {
      const shard = shardOf.get(photo.hash);
      if (shard === undefined) continue;
      const { hash, split, group } = photo;
      await writer.note({ hash, label: nameOf(photo), split, group, shard } satisfies ManifestLine);
    }
    throwIfCancelled(signal);
    return await writer.end();
  } finally {
    await writer.close();
  }
}

/** Takes a folder of the workshop over, file by file. */
async function putTree(place: ShardPlace, folder: string, signal: AbortSignal): Promise<void> {
  const root = joinInside(place.workshop, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const inner = entry.parentPath.slice(root.length).replaceAll('\\', '/');
    await place.put(`${folder}${inner}/${entry.name}`, signal);
  }
}

async function writeRecord(place: ShardPlace, record: ShardsRecord, signal: AbortSignal): Promise<void> {
  const texts = {
    // What lets an earlier export be replaced.
    [exportRecord]: { lensletExport: 1, format: 'shards' },
    [shardsRecord]: record,
  };
  for (const [name, value] of Object.entries(texts)) {
    await writeFileAtomically(joinInside(place.workshop, name), `${JSON.stringify(value, null, 2)}\n`);
    await place.put(name, signal);
  }
}
