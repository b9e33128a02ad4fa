/** Layer tables of published networks and of model files, whether they end with a classifier or not. */
import { findBackbone } from '../../registries/backbones/index.ts';
import type { NetworkToSummarise } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelSummary } from '../../contract/app/training.ts';
import type { Tf } from '../base/backend.ts';
import { summarise } from '../network/layer-table.ts';
import { loadModel } from '../models/model-file.ts';
import { buildTopology } from '../network/model-source.ts';
import type { Storage } from '../../core/files/storage.ts';

/**
 * The layer table of a network of the registry (which needs no weights for it) or of a model file.
 * @param locate the folder of a model file, and its name there
 * @throws AppError BACKBONE_UNKNOWN, MODEL_…
 */
export async function summariseNetwork(
  tf: Tf,
  network: NetworkToSummarise,
  locate: (path: string) => { storage: Storage; name: string },
): Promise<ModelSummary> {
  const model =
    network.kind === 'file' ? await loadFile(tf, network.path, locate) : await buildKnown(tf, network);
  try {
    return summarise(model);
  } finally {
    model.dispose();
  }
}

async function loadFile(tf: Tf, path: string, locate: (path: string) => { storage: Storage; name: string }) {
  const { storage, name } = locate(path);
  return (await loadModel(tf, storage, name, path)).model;
}

function buildKnown(tf: Tf, { id, imageSize, classes }: Extract<NetworkToSummarise, { kind: 'backbone' }>) {
  const backbone = findBackbone(id);
  const { label, minimumImageSize: minimum, defaultImageSize } = backbone;
  const size = imageSize ?? defaultImageSize;
  if (size < minimum) throw new AppError('MODEL_TOO_SMALL_INPUT', { size, layer: label, minimum });
  const top = classes === null ? undefined : { classes };
  const topology = backbone.network({ inputShape: [size, size, 3], top });
  return buildTopology(tf, { format: 'Lenslet', topology }, id);
}
