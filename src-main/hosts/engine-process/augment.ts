/** Augmented tiles, from a pack on disk to a file that the main process named. */
import { augmentations } from '../../registries/augmentations/index.ts';
import { writeFile } from 'node:fs/promises';
import type { AugmentRequest } from '../../contract/engine/engine.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { openTilePack } from '../../datasets/tiles/tile-reader.ts';
import { type AugmentedTiles, augmentTiles } from '../../engine/inference/augmented-tiles.ts';
import type { Backend } from '../../engine/base/backend.ts';

/**
 * Augments tiles and writes the results one after another.
 * @throws AppError TRAINING_AUGMENTATION_INVALID, FILE_UNREADABLE, DISK_FULL, FILE_UNWRITABLE
 */
export async function augmentPack(
  backend: Backend,
  { tiles, into, ...request }: AugmentRequest,
): Promise<Pick<AugmentedTiles, 'range'>> {
  const reader = await openTilePack(tiles, false);
  try {
    const { pixels, range } = await augmentTiles({ backend, augmentations, reader, ...request });
    // The main process reads and removes it at once: it need not survive a crash.
    await writeFile(into, pixels).catch((error: unknown) => {
      throw fromWriteError(error, into);
    });
    return { range };
  } finally {
    await reader.close();
  }
}
