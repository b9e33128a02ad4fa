/** Hashes by which files of weights are known again. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { realInside } from '../../core/files/join-inside.ts';
import { isModelJson, weightFiles } from './model-parts.ts';

async function addFile(hash: Hash, path: string, signal?: AbortSignal): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted === true) throw new AppError('CANCELLED');
    hash.update(chunk as Buffer);
  }
}

/** The hash of a file in hexadecimal. @throws AppError CANCELLED, and what reading throws */
export async function hashOfFile(
  kind: 'md5' | 'sha256',
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(kind);
  await addFile(hash, path, signal);
  return hash.digest('hex');
}

/**
 * SHA-256 of a model's weights in hexadecimal: of its file, or of the weights that a `model.json` names, one after
 * the other.
 * @throws AppError MODEL_FILE_INVALID, PATH_OUTSIDE, and what reading throws
 */
export async function hashOfModel(path: string): Promise<string> {
  if (!isModelJson(path)) return hashOfFile('sha256', path);
  const hash = createHash('sha256');
  for (const file of await weightFiles(path)) await addFile(hash, realInside(dirname(path), file));
  return hash.digest('hex');
}
