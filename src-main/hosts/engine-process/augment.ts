/** Augmented tiles, from a pack on disk to a file that the main process asked for. */
import { writeFile } from 'node:fs/promises';
import type { AugmentRequest } from '../../contract/engine-process.ts';
import { fromWriteError } from '../../datasets/pack-file.ts';
import { openTilePack } from '../../datasets/tile-reader.ts';
import { type AugmentedTiles, augmentTiles } from '../../engine/augmented-tiles.ts';
import type { Backend } from '../../engine/backend.ts';

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
    const { pixels, range } = await augmentTiles({ backend, reader, ...request });
    // Read and removed at once by who asked: nothing that has to survive a crash.
    await writeFile(into, pixels).catch((error: unknown) => {
      throw fromWriteError(error, into);
    });
    return { range };
  } finally {
    await reader.close();
  }
}
