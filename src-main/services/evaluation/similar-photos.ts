/** The photos a run learned from that a photo is most like: what may have taught it a mistake. */
import { AppError } from '../../contract/shared/errors.ts';
import type { SimilarPhoto } from '../../contract/app/results/results.ts';
import { readSignalRow, signalLength } from '../../analysis/map/signal-rows.ts';
import { openFeatureRows } from '../../datasets/tiles/feature-rows.ts';
import { findImages } from '../../project/images/images.ts';
import { findManyImages } from '../../project/images/labelled-pages.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { type ReportProgress, createCheckContext } from '../checks/check-context.ts';
import { featureTiles, prepareReachable } from '../features/image-features.ts';
import { signalStore } from '../features/signal-stores.ts';
import { holdTiles } from '../project/image-caches.ts';
import { chooseBackbone } from '../runs/run-backbone.ts';
import { type RunImage, readDataset } from '../runs/run-files.ts';
import type { WantedImage } from '../runs/run-tiles.ts';
import { requireRun } from '../runs/run-states.ts';

/** Of which photo, and how many. */
export interface SimilarWanted {
  readonly run: string;
  readonly image: number;
  readonly count: number;
}

/** Progress and cancel. */
interface SimilarWork {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** Photos with the cosine of the angle between their features and those of the one that was asked for. */
interface Likeness {
  readonly features: string;
  /** By image id. */
  readonly similarities: ReadonlyMap<number, number>;
}

/** Rows of features that are read at once. */
const rowsAtOnce = 1024;

/**
 * Finds them by the features of the best pretrained network on this machine; by colours and shapes without one.
 * @throws AppError NOT_FOUND, TRAINING_RECORD_LOST, IMAGE_MISSING, CANCELLED, BACKEND_…
 */
export async function findSimilar(
  context: ServiceContext,
  project: Project,
  { run, image, count }: SimilarWanted,
  work: SimilarWork,
): Promise<{ features: string; photos: SimilarPhoto[] }> {
  requireRun(project, run);
  const photo = findImages(project.database, [image]).at(0);
  if (photo === undefined) throw new AppError('NOT_FOUND', { what: 'photo', id: image });
  const { images, classes } = await readDataset(project, run);
  const learned = images.filter(([id, , , , split]) => split === 'train' && id !== image);
  const others = await stillThere(project, learned);
  const { features, similarities } = await measureLikeness(context, project, photo, others, work);
  const nearest = [...similarities].sort(([a, x], [b, y]) => y - x || a - b).slice(0, count);
  const taught = new Map(learned.map(([id, , , label]) => [id, classes[label]]));
  const rows = findImages(
    project.database,
    nearest.map(([id]) => id),
  );
  const photos = rows.map(({ id, path, classId, excluded }) => {
    const similarity = similarities.get(id)!;
    return { image: id, path, classId, learntAs: taught.get(id)!, excluded, similarity };
  });
  return { features, photos };
}

/** Those whose record in the project still has the content that was learned from. */
async function stillThere(project: Project, learned: readonly RunImage[]): Promise<WantedImage[]> {
  const rows = await findManyImages(
    project.database,
    learned.map(([id]) => id),
  );
  const present = new Map(rows.map(({ id, hash }) => [id, hash]));
  return learned.flatMap(([id, hash]) => (present.get(id) === hash ? [{ id, hash }] : []));
}

async function measureLikeness(
  context: ServiceContext,
  project: Project,
  photo: WantedImage,
  others: readonly WantedImage[],
  work: SimilarWork,
): Promise<Likeness> {
  const backbone = await chooseBackbone(context.settingsFolder);
  return backbone === null
    ? bySignals(project, photo, others, work)
    : byFeatures(context, project, backbone, [{ id: photo.id, hash: photo.hash }, ...others], work);
}

async function byFeatures(
  context: ServiceContext,
  project: Project,
  backbone: NonNullable<Awaited<ReturnType<typeof chooseBackbone>>>,
  wanted: readonly WantedImage[],
  { signal, report }: SimilarWork,
): Promise<Likeness> {
  const spec = featureTiles(backbone);
  const release = holdTiles(project, spec);
  try {
    const { images, place, slots } = await prepareReachable(context, project, wanted, spec, {
      signal,
      onTiles: (done, total) => report('preparing photos', done, total),
      onProgress: (done, total) => report('looking at photos', done, total),
    });
    if (images.at(0)?.id !== wanted[0].id) throw new AppError('IMAGE_MISSING');
    const rows = await openFeatureRows(place, slots);
    try {
      const own = await rows.read([0]);
      const similarities = new Map<number, number>();
      for (let start = 1; start < images.length; start += rowsAtOnce) {
        const places = Array.from(
          { length: Math.min(rowsAtOnce, images.length - start) },
          (_, at) => start + at,
        );
        const values = await rows.read(places);
        if (signal.aborted) throw new AppError('CANCELLED');
        places.forEach((at, row) => {
          const other = values.subarray(row * rows.dimension, (row + 1) * rows.dimension);
          similarities.set(images[at].id, cosine(own, other));
        });
      }
      return { features: backbone.label, similarities };
    } finally {
      await rows.close();
    }
  } finally {
    release();
  }
}

async function bySignals(
  project: Project,
  photo: WantedImage,
  others: readonly WantedImage[],
  { signal, report }: SimilarWork,
): Promise<Likeness> {
  // Measures what was not measured yet.
  const context = createCheckContext({ project, features: () => Promise.resolve(null), signal, report });
  await context.signals();
  const store = signalStore(project);
  const rowOf = (hash: string): Float32Array => {
    const row = new Float32Array(signalLength);
    readSignalRow(store, hash, row);
    return row;
  };
  const own = rowOf(photo.hash);
  const similarities = new Map(others.map(({ id, hash }) => [id, cosine(own, rowOf(hash))]));
  return { features: 'colours and shapes', similarities };
}

/** Cosine of the angle between two rows, −1 to 1; 0 where one of them is 0. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    product += a[at] * b[at];
    squareA += a[at] * a[at];
    squareB += b[at] * b[at];
  }
  const lengths = Math.sqrt(squareA * squareB);
  return lengths === 0 ? 0 : product / lengths;
}
