/** What the map is made of: features of the best pretrained network on this machine, or colours and shapes. */
import { AppError } from '../../contract/shared/errors.ts';
import type { MapFeatures } from '../../contract/app/map.ts';
import type { RowSource } from '../../analysis/map/map-task.ts';
import { photoContents } from '../../project/images/photo-marks.ts';
import type { Project } from '../../project/project.ts';
import { type ReportProgress, createCheckContext } from '../checks/check-context.ts';
import type { ServiceContext } from '../base/context.ts';
import { holdTiles } from '../project/image-caches.ts';
import { featureTiles, prepareReachable } from '../features/image-features.ts';
import { chooseBackbone } from '../runs/run-backbone.ts';
import type { WantedImage } from '../runs/run-tiles.ts';
import { signalStore } from '../features/signal-stores.ts';

/** Photos with the place of their features. */
export interface MapRows {
  /** Those whose features are there, ascending by id. */
  readonly photos: readonly WantedImage[];
  readonly rows: RowSource;
  readonly features: MapFeatures;
  /** Lets go of the files; to be called when they were read. */
  readonly release: () => void;
}

/** Progress and cancel. */
export interface MapWork {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

const signalFeatures: MapFeatures = { kind: 'signals', label: 'colours and shapes' };

/** What a map would be made of now. */
export async function availableFeatures({
  settingsFolder,
}: Pick<ServiceContext, 'settingsFolder'>): Promise<MapFeatures> {
  const backbone = await chooseBackbone(settingsFolder);
  return backbone === null ? signalFeatures : { kind: 'backbone', label: backbone.label };
}

/**
 * Computes features that are not there yet.
 * @throws AppError DATASET_MAP_EMPTY, CANCELLED, and as `prepareReachable`
 */
export async function findMapRows(
  context: ServiceContext,
  project: Project,
  wanted: 'best' | 'signals',
  work: MapWork,
): Promise<MapRows> {
  const backbone = wanted === 'signals' ? null : await chooseBackbone(context.settingsFolder);
  return backbone === null ? signalRows(project, work) : backboneRows(context, project, backbone, work);
}

async function signalRows(project: Project, { signal, report }: MapWork): Promise<MapRows> {
  const check = createCheckContext({ project, features: () => Promise.resolve(null), signal, report });
  const signals = await check.signals();
  const photos = check.photos.filter((_, at) => signals[at] !== null);
  if (photos.length === 0) throw new AppError('DATASET_MAP_EMPTY');
  const hashes = photos.map(({ hash }) => hash);
  const rows: RowSource = { kind: 'signals', store: signalStore(project).path, hashes };
  return { photos, rows, features: signalFeatures, release: () => undefined };
}

async function backboneRows(
  context: ServiceContext,
  project: Project,
  backbone: NonNullable<Awaited<ReturnType<typeof chooseBackbone>>>,
  { signal, report }: MapWork,
): Promise<MapRows> {
  const spec = featureTiles(backbone);
  const release = holdTiles(project, spec);
  try {
    const { ids, hashes } = photoContents(project.database);
    const all = ids.map((id, at) => ({ id, hash: hashes[at] }));
    if (all.length === 0) throw new AppError('DATASET_MAP_EMPTY');
    // Photos that are gone have no place on the map; the others have.
    const { images, place, slots } = await prepareReachable(context, project, all, spec, {
      signal,
      onTiles: (done, total) => report('preparing photos', done, total),
      onProgress: (done, total) => report('computing features', done, total),
    });
    if (images.length === 0) throw new AppError('DATASET_MAP_EMPTY');
    const rows: RowSource = { kind: 'backbone', ...place, slots };
    return { photos: images, rows, features: { kind: 'backbone', label: backbone.label }, release };
  } catch (error) {
    release();
    throw error;
  }
}
