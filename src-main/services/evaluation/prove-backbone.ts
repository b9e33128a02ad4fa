/** Proves that a pretrained network computes what it should on this machine: one picture, five probabilities. */
import { rm, writeFile } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import { temporaryPath } from '../../core/files/temporary-path.ts';
import type { Backbone } from '../../registries/backbones/index.ts';
import type { EngineClient } from '../base/engine-client.ts';
import { predictPaths } from './prediction.ts';

/** Engines differ by less than 0.0001, with convolutions in bfloat16 by less than this. */
const tolerance = 0.01;

/** The picture of the registry's proofs, as a Windows bitmap: rows from the bottom, blue before green before red. */
function proofPicture(size: number): Uint8Array {
  const row = Math.ceil((3 * size) / 4) * 4;
  const bytes = Buffer.alloc(54 + row * size);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  [54, 40, size, size].forEach((value, index) => bytes.writeUInt32LE(value, 10 + 4 * index));
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < 3 * size; x++) {
      const channel = 2 - (x % 3);
      const value = (7 * (size - 1 - y) + 13 * Math.floor(x / 3) + 29 * channel) % 256;
      bytes[54 + y * row + x] = value;
    }
  }
  return bytes;
}

const percents = (values: readonly (readonly [number, number])[]): string =>
  values.map(([index, value]) => `${index}: ${value.toFixed(4)}`).join(', ');

/**
 * Predicts the picture that the registry has the answer for.
 * @param path of the network's model file, classifier included
 * @returns false for a network that the registry has no answer for
 * @throws AppError BACKBONE_PROOF_WRONG, and what predicting throws
 */
export async function proveBackbone(
  engine: EngineClient,
  backbone: Backbone,
  path: string,
): Promise<boolean> {
  const { proof, label, weights, defaultImageSize } = backbone;
  const classes = weights?.wheel?.classes;
  if (proof === undefined || classes === undefined) return false;
  const picture = temporaryPath('proof.bmp');
  try {
    await writeFile(picture, proofPicture(defaultImageSize));
    const names = Array.from({ length: classes }, (_, index) => `class ${index}`);
    for await (const { error, probabilities } of predictPaths(engine, { path, classes: names }, [picture])) {
      if (error !== null) throw AppError.fromData(error);
      const found = proof.top.map(([index]) => [index, probabilities[`class ${index}`]] as const);
      const right = found.every(([, value], at) => Math.abs(value - proof.top[at][1]) < tolerance);
      if (right) return true;
      const [expected, received] = [percents(proof.top), percents(found)];
      throw new AppError('BACKBONE_PROOF_WRONG', { label, expected, found: received });
    }
    return false;
  } finally {
    await rm(picture, { force: true });
  }
}
