/** Photos that an export is proved with: up to ten that travel with it, and those that a coarse one is measured on. */
import type { ExportEvent } from '../../contract/engine/exports.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { join } from 'node:path';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';
import type { TilePack } from '../../datasets/tiles/tile-store.ts';
import type { Project } from '../../project/project.ts';
import { tilePng } from '../project/image-caches.ts';
import type { RunDataset, RunImage } from '../runs/run-files.ts';
import { tilesOf } from '../runs/run-tiles.ts';

/** How many travel, at most. */
const most = 10;
/** How many are tried: some may be gone. */
const tried = 60;
/** How many coarse formats are fitted to and measured on, at most. */
const maxMeasured = 200;

/** The chosen photos, as the network takes them. */
export interface GoldenPhotos {
  readonly images: readonly RunImage[];
  readonly pack: TilePack;
}

type Split = RunImage[4];

/** The first images of a run, the classes in turn. @param splits in the order in which they are taken */
function inTurn(
  { images, classes }: Pick<RunDataset, 'images' | 'classes'>,
  splits: readonly Split[],
  ofEach: number,
): RunImage[] {
  return splits.flatMap((split) => {
    const byClass = classes.map((): RunImage[] => []);
    for (const image of images) {
      const alike = byClass[image[3]];
      if (image[4] === split && alike !== undefined && alike.length < ofEach) alike.push(image);
    }
    return Array.from({ length: ofEach }, (_, turn) =>
      byClass.flatMap((alike) => alike.slice(turn, turn + 1)),
    ).flat(1);
  });
}

/** The first images of a run in the order in which they are tried: of the test before others, the classes in turn. */
export function goldenOrder(dataset: Pick<RunDataset, 'images' | 'classes'>): RunImage[] {
  return inTurn(dataset, ['test', 'validation', 'train'], tried);
}

/**
 * Chooses photos that can be read.
 * @throws AppError EXPORT_NO_PHOTOS, CANCELLED, DISK_FULL
 */
export async function chooseGolden(
  project: Project,
  dataset: RunDataset,
  spec: TileSpec,
  signal: AbortSignal,
): Promise<GoldenPhotos> {
  return readable(project, goldenOrder(dataset).slice(0, tried), most, spec, signal);
}

/**
 * Chooses photos with known classes: of validation first, of the test never.
 * @throws AppError EXPORT_NO_PHOTOS, CANCELLED, DISK_FULL
 */
export async function chooseMeasured(
  project: Project,
  dataset: RunDataset,
  spec: TileSpec,
  signal: AbortSignal,
): Promise<GoldenPhotos> {
  const order = inTurn(dataset, ['validation', 'train'], maxMeasured);
  return readable(project, order.slice(0, 2 * maxMeasured), maxMeasured, spec, signal);
}

async function readable(
  project: Project,
  order: readonly RunImage[],
  wanted: number,
  spec: TileSpec,
  signal: AbortSignal,
): Promise<GoldenPhotos> {
  const images: RunImage[] = [];
  for (const image of order) {
    if (images.length === wanted) break;
    try {
      await tilesOf(project, [{ id: image[0], hash: image[1] }], spec, { signal });
      images.push(image);
    } catch (error) {
      const gone =
        error instanceof AppError && /^(DATASET_TILES_MISSING|TRAINING_DATA_CHANGED)$/.test(error.code);
      if (!gone) throw error;
    }
  }
  if (images.length === 0) throw new AppError('EXPORT_NO_PHOTOS');
  const found = images.map(([id, hash]) => ({ id, hash }));
  return { images, pack: await tilesOf(project, found, spec, { signal }) };
}

/**
 * Writes the photos as PNG, as the network takes them, and what the run says of each.
 * @param folder of the export
 * @param answers what the run says of each photo
 */
export async function writeGolden(
  project: Project,
  folder: string,
  spec: TileSpec,
  { images }: GoldenPhotos,
  classes: readonly string[],
  answers: Extract<ExportEvent, { type: 'done' }>['golden'],
): Promise<void> {
  const expected: object[] = [];
  for (const [index, [, hash, , label]] of images.entries()) {
    const png = await tilePng(project, spec, hash);
    if (png === null) throw new AppError('EXPORT_NO_PHOTOS');
    const name = `${String(index + 1).padStart(2, '0')}-${safeFileName(classes[label], 'class')}.png`;
    await writeFileAtomically(join(folder, 'golden', name), png);
    const { probabilities, judgement } = answers[index];
    const named = classes.map((of, place) => [of, probabilities[place]]);
    expected.push({
      image: name,
      probabilities: Object.fromEntries(named) as object,
      unknown: Boolean(judgement?.unknown),
      distance: judgement?.distance ?? null,
    });
  }
  const text = `${JSON.stringify(expected, null, 2)}\n`;
  await writeFileAtomically(join(folder, 'golden', 'expected.json'), text);
}
