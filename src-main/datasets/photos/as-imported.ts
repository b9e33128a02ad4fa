/** Whether a file still is what was imported. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ImageRow } from '../../project/images/images.ts';

/**
 * Compares a file with the row of its image: by size and time, and by its SHA-256 where only the time differs, as it
 * does in a copied folder. False for a file that cannot be read.
 */
export async function isAsImported(
  path: string,
  { hash, bytes, modified }: Pick<ImageRow, 'hash' | 'bytes' | 'modified'>,
): Promise<boolean> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size !== bytes) return false;
    if (found.mtimeMs === modified) return true;
    const digest = createHash('sha256');
    await pipeline(createReadStream(path), digest);
    return digest.digest('hex') === hash;
  } catch {
    return false;
  }
}
