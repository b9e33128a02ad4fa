/** The images of a run as the engine takes them: tiles in a pack, slots and labels of each split. */
import type { PackedSlots, TilePack } from '../../contract/engine/engine.ts';
import { packIntegers } from '../../core/statistics/packed-integers.ts';
import type { WorkOptions } from '../../datasets/tiles/tile-store.ts';
import type { Project } from '../../project/project.ts';
import type { RunDataset } from './run-files.ts';
import { tilesOf } from './run-tiles.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';

/** What training reads. */
export interface TrainingData {
  readonly tiles: TilePack;
  readonly train: PackedSlots;
  readonly validation: PackedSlots | null;
}

/**
 * Makes what is missing of the training and validation tiles.
 * @throws AppError TRAINING_DATA_CHANGED, DATASET_TILES_MISSING, CANCELLED, DISK_FULL
 */
export async function prepareData(
  project: Project,
  dataset: RunDataset,
  spec: TileSpec,
  options: WorkOptions,
): Promise<TrainingData> {
  const parts = (['train', 'validation'] as const).map((split) =>
    dataset.images.filter((image) => image[4] === split),
  );
  const wanted = parts.flat().map(([id, hash]) => ({ id, hash }));
  const pack = await tilesOf(project, wanted, spec, options);
  const [train, validation] = parts.map((images, index) => {
    const start = index === 0 ? 0 : parts[0].length;
    const slots = pack.slots.subarray(start, start + images.length);
    return { slots: packIntegers(slots), labels: packIntegers(images.map((image) => image[3])) };
  });
  const tiles = { path: pack.path, size: spec.size, channels: spec.channels };
  return { tiles, train, validation: parts[1].length > 0 ? validation : null };
}
