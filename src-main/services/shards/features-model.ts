/** Features of a pretrained network: they go into the cache that training, map, checks and suggestions read. */
import { mkdir, rm } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import { openFeatureFile } from '../../datasets/tiles/feature-file.ts';
import { openFeatureRows } from '../../datasets/tiles/feature-rows.ts';
import type { Project } from '../../project/project.ts';
import { knownBackbone } from '../../registries/backbones/index.ts';
import { usualImageSize } from '../backbones/list-backbones.ts';
import { locateBackbone } from '../backbones/resolve-backbone.ts';
import type { ServiceContext } from '../base/context.ts';
import {
  type FeatureNetwork,
  type FeatureOptions,
  featuresOfNetwork,
  ofReachable,
} from '../features/image-features.ts';
import { imageCache } from '../project/image-caches.ts';
import { transferSize } from '../runs/one-click.ts';
import { chooseBackbone } from '../runs/run-backbone.ts';
import { tilesOf } from '../runs/run-tiles.ts';
import { type ResultStore, type ShardModel, type ShardPhoto, modelFile } from './shard-model.ts';

/** Which network; null: the usual. */
export interface WantedFeatures {
  readonly backbone?: string | undefined;
  readonly imageSize?: number | undefined;
}

/** Finds the network. @throws AppError BACKBONE_… */
async function findNetwork(
  settingsFolder: string,
  { backbone, imageSize }: WantedFeatures,
): Promise<FeatureNetwork> {
  const reference = backbone ?? (await chooseBackbone(settingsFolder))?.id;
  if (reference === undefined) throw new AppError('BACKBONE_NONE');
  const { id, path, imageSize: own } = await locateBackbone(settingsFolder, reference);
  const known = knownBackbone(id ?? reference);
  const usual = known === null ? (own ?? usualImageSize) : transferSize(known);
  return { backbone: { id, path }, spec: { size: imageSize ?? usual, channels: 3 } };
}

/**
 * The features of a network as work for other machines.
 * @throws AppError BACKBONE_…, MODEL_…, EXPORT_LAYER_UNSUPPORTED
 */
export async function featuresModel(
  context: Pick<ServiceContext, 'settingsFolder' | 'engine'>,
  project: Project,
  wanted: WantedFeatures,
): Promise<ShardModel> {
  const network = await findNetwork(context.settingsFolder, wanted);
  const { backbone, spec } = network;
  const writeTo = async (folder: string): Promise<{ name: string; shape: number[] }> => {
    await mkdir(folder, { recursive: true });
    const request = { backbone, imageSize: spec.size, folder, file: modelFile };
    return context.engine.ask((engine) => engine.writeFeatureNetwork(request));
  };
  const trial = temporaryPath('network');
  const { name, shape } = await writeTo(trial).finally(() => rm(trial, { recursive: true, force: true }));
  const length = shape.reduce((product, side) => product * side, 1);
  return {
    id: `features:${name}@${spec.size}`,
    kind: 'features',
    length,
    spec,
    classes: null,
    async compute(photos, signal) {
      const { place, slots } = await featuresOfNetwork(context, project, network, photos, { signal });
      const rows = await openFeatureRows(place, slots);
      try {
        const all = await rows.read(photos.map((_, row) => row));
        return photos.map((_, row) => all.slice(row * length, (row + 1) * length));
      } finally {
        await rows.close();
      }
    },
    write: async (folder) => void (await writeTo(folder)),
    missing: (photos, signal) => withoutFeatures(project, { name, shape, spec }, photos, signal),
    open: (photos, signal) => openStore(project, { name, shape, spec }, photos, signal),
  };
}

interface CachedFeatures {
  readonly name: string;
  readonly shape: readonly number[];
  readonly spec: FeatureNetwork['spec'];
}

async function withoutFeatures<Photo extends ShardPhoto>(
  project: Project,
  { name, shape, spec }: CachedFeatures,
  photos: readonly Photo[],
  signal: AbortSignal,
): Promise<Photo[]> {
  throwIfCancelled(signal);
  const hashes = photos.map(({ hash }) => hash);
  const slots = await imageCache(project).slots(spec, hashes);
  const file = await openFeatureFile(await imageCache(project).tilePack(spec), name, shape);
  try {
    return photos.filter((_, at) => slots[at] < 0 || !file.has(slots[at]));
  } finally {
    await file.close();
  }
}

async function openStore(
  project: Project,
  { name, shape, spec }: CachedFeatures,
  photos: readonly ShardPhoto[],
  signal: AbortSignal,
): Promise<ResultStore> {
  const { path, slots } = await tilesOf(project, photos, spec, { signal });
  const file = await openFeatureFile(path, name, shape);
  return {
    isThere: (index) => file.has(slots[index]),
    async write(indexes, rows) {
      const records = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
      rows.forEach((row, at) => records.set(row, at * row.length));
      await file.write(
        indexes.map((index) => slots[index]),
        records,
      );
    },
    close: () => file.close(),
  };
}

/** What was computed on this computer. */
export interface LocalFeatures {
  readonly photos: number;
  /** Photos whose files cannot be read. */
  readonly unreadable: number;
}

/**
 * Computes on this computer what the cache lacks of photos. What was computed before a cancel is kept.
 * @throws AppError BACKBONE_…, CANCELLED, DISK_FULL
 */
export async function computeHere(
  context: Pick<ServiceContext, 'settingsFolder' | 'engine'>,
  project: Project,
  wanted: WantedFeatures,
  photos: readonly ShardPhoto[],
  options: FeatureOptions,
): Promise<LocalFeatures> {
  const network = await findNetwork(context.settingsFolder, wanted);
  const release = imageCache(project).hold(network.spec);
  try {
    return await ofReachable(project, photos, network.spec, async (some) => {
      if (some.length > 0) await featuresOfNetwork(context, project, network, some, options);
      return { photos: some.length, unreadable: photos.length - some.length };
    });
  } finally {
    release();
  }
}
