/** What checks look at, gathered from the project: each costly part once, when the first check needs it. */
import { checkedPhotos, type CheckedPhoto } from '../../project/images/checked-photos.ts';
import { availableParallelism } from 'node:os';
import type { CheckContext, PhotoFeatures, PhotoGroup, RefusedFile } from '../../analysis/checks/check.ts';
import { runTask } from '../../analysis/checks/check-thread.ts';
import type { SignalNumbers } from '../../analysis/checks/measure/signal-store.ts';
import { AppError, describeError } from '../../contract/shared/errors.ts';
import { UnionFind } from '../../core/statistics/union-find.ts';
import { importTile } from '../../datasets/import/import-run.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';
import { listClasses } from '../../project/images/classes.ts';
import { findManyImages } from '../../project/images/labelled-pages.ts';
import { storeGroups } from '../../project/images/near-duplicates.ts';
import { excludedPhotos } from '../../project/images/photo-marks.ts';
import type { Project } from '../../project/project.ts';
import { listQuarantine } from '../../project/images/quarantine.ts';
import { imageCache, tilesOfImages } from '../project/image-caches.ts';
import { signalStore } from '../features/signal-stores.ts';

/** Tells how far one phase has come. */
export type ReportProgress = (phase: string, done: number, total: number) => void;

/** Computes features of photos, or answers null where no backbone is to be had. */
export type FeatureSource = (
  project: Project,
  photos: readonly CheckedPhoto[],
  options: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
) => Promise<PhotoFeatures | null>;

/** What a context is made from. */
export interface ContextOptions {
  readonly project: Project;
  readonly features: FeatureSource;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** Photos of a thread, at least; starting one costs a tenth of a second. */
const minPerThread = 300;
const maxThreads = 4;
const checkSeed = 1;

/** Gathers the context. */
export function createCheckContext(options: ContextOptions): CheckContext & { phase(name: string): void } {
  const { project, signal, report } = options;
  const photos = checkedPhotos(project.database);
  const store = signalStore(project);
  let phase = '';
  const shared = shareOnce({
    signals: () => readSignals(options, photos),
    groups: () => shared.signals().then(() => findGroups(options, photos)),
  });
  const work = {
    signal,
    onProgress: (done: number, total: number): void => report(phase, done, total),
  };
  return {
    photos,
    classes: listClasses(project.database),
    refused: readRefused(project),
    seed: checkSeed,
    phase: (name) => (phase = name),
    signals: shared.signals,
    groups: shared.groups,
    border: ({ hash }) => store.border(hash),
    features: (of) => options.features(project, of, work),
    outOfFold: ({ data, dimension }, labels, classes, groups) =>
      runTask({ kind: 'out-of-fold', data, dimension, labels, classes, groups, seed: checkSeed }, work),
    outlyingness: ({ data, dimension }, labels) =>
      runTask({ kind: 'outlyingness', data, dimension, labels, seed: checkSeed }, work),
    progress(done, total) {
      if (signal.aborted) throw new AppError('CANCELLED');
      report(phase, done, total);
    },
  };
}

/** Each answer is computed when it is first needed, and kept. */
function shareOnce(parts: {
  signals: () => Promise<readonly (SignalNumbers | null)[]>;
  groups: () => Promise<readonly PhotoGroup[]>;
}): typeof parts {
  let signals: ReturnType<typeof parts.signals> | undefined;
  let groups: ReturnType<typeof parts.groups> | undefined;
  return { signals: () => (signals ??= parts.signals()), groups: () => (groups ??= parts.groups()) };
}

function readRefused(project: Project): RefusedFile[] {
  return listQuarantine(project.database).map(({ path, code, params }) => ({
    path,
    code,
    reason: describeError(code, params).message,
  }));
}

async function readSignals(
  options: ContextOptions,
  photos: readonly CheckedPhoto[],
): Promise<(SignalNumbers | null)[]> {
  const store = signalStore(options.project);
  const missing = store.missing(photos.map(({ hash }) => hash));
  if (missing.size > 0) await measure(options, photos.filter(once(missing)));
  return photos.map(({ hash }) => store.read(hash));
}

/** Of photos of equal content the first. */
function once(wanted: Set<string>): (photo: CheckedPhoto) => boolean {
  const left = new Set(wanted);
  return ({ hash }) => left.delete(hash);
}

async function measure(options: ContextOptions, photos: readonly CheckedPhoto[]): Promise<void> {
  const bySize = Map.groupBy(photos, ({ format, width, height }) =>
    format === 'idx' ? Math.max(width, height) : 0,
  );
  for (const [size, members] of bySize) {
    await measureAlike(options, members, size === 0 ? importTile : { size, channels: 1 });
  }
}

async function measureAlike(
  { project, signal, report }: ContextOptions,
  photos: readonly CheckedPhoto[],
  spec: TileSpec,
): Promise<void> {
  const cache = imageCache(project);
  const release = cache.hold(spec);
  try {
    const rows = await findManyImages(
      project.database,
      photos.map(({ id }) => id),
    );
    const onProgress = (done: number, total: number): void => report('preparing photos', done, total);
    await tilesOfImages(project, rows, spec, { signal, onProgress }).catch((error: unknown) => {
      // Photos that are gone are left out; the others can be measured all the same.
      if (AppError.from(error).code !== 'DATASET_TILES_MISSING') throw error;
    });
    const slots = await cache.slots(
      spec,
      photos.map(({ hash }) => hash),
    );
    const pack = { path: await cache.tilePack(spec), ...spec };
    const there = photos.map(({ hash }, at) => ({ hash, slot: slots[at] })).filter(({ slot }) => slot >= 0);
    const share = Math.max(minPerThread, Math.ceil(there.length / threads()));
    const parts = Array.from({ length: Math.ceil(there.length / share) }, (_, part) =>
      there.slice(part * share, (part + 1) * share),
    );
    const done = new Array<number>(parts.length).fill(0);
    await Promise.all(
      parts.map((part, at) =>
        runTask(
          { kind: 'measure', store: signalStore(project).path, pack, photos: part },
          {
            signal,
            onProgress(count) {
              done[at] = count;
              const sum = done.reduce((total, one) => total + one, 0);
              report('measuring photos', sum, there.length);
            },
          },
        ),
      ),
    );
  } finally {
    release();
  }
}

function threads(): number {
  return Math.min(maxThreads, Math.max(1, availableParallelism()));
}

/** Near-duplicates and equal contents together; kept in the project for the next split. */
async function findGroups(
  { project, signal, report }: ContextOptions,
  photos: readonly CheckedPhoto[],
): Promise<PhotoGroup[]> {
  // Those that were left out stay in their groups: what leaked before is still found.
  const hashes = [
    ...new Set([...photos.map(({ hash }) => hash), ...excludedPhotos(project.database).hashes]),
  ];
  const onProgress = (done: number, total: number): void => report('comparing photos', done, total);
  const store = signalStore(project).path;
  const pairs = await runTask({ kind: 'near-duplicates', store, hashes }, { signal, onProgress });
  const sets = new UnionFind(hashes.length);
  for (const { a, b } of pairs) sets.join(a, b);
  const likeness = new Map<number, number>();
  for (const { a, correlation } of pairs) {
    const root = sets.find(a);
    likeness.set(root, Math.min(likeness.get(root) ?? 1, correlation));
  }
  const similar = sets.sets().filter(({ length }) => length > 1);
  storeGroups(
    project.database,
    similar.map((members) => members.map((at) => hashes[at])),
  );
  const placeOf = new Map(hashes.map((hash, at) => [hash, at]));
  const members = Map.groupBy(photos.keys(), (at) => sets.find(placeOf.get(photos[at].hash)!));
  return [...members]
    .filter(([, group]) => group.length > 1)
    .map(([root, group]) => ({ members: group, likeness: likeness.get(root) ?? 1 }));
}
