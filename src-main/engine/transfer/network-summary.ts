/** Layer tables of published networks and of model files, whether they end with a classifier or not. */
import type { NetworkToSummarise } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { Tf } from '../base/backend.ts';
import { summarise } from '../network/layer-table.ts';
import { withReceptiveFields } from '../network/receptive-field.ts';
import { loadModel } from '../models/model-file.ts';
import { buildTopology } from '../network/model-source.ts';
import type { ModelFiles } from '../models/model-files.ts';
import type { KnownBackbones } from '../network/backbone.ts';

/**
 * The layer table of a network of the registry (which needs no weights for it) or of a model file.
 * @throws AppError BACKBONE_UNKNOWN, MODEL_…
 */
export async function summariseNetwork(
  tf: Tf,
  network: NetworkToSummarise,
  files: ModelFiles,
): Promise<ModelSummary> {
  const model =
    network.kind === 'file'
      ? (await loadModel(tf, files.at(network.path))).model
      : await buildKnown(tf, network, files.known);
  try {
    return withReceptiveFields(summarise(model), model);
  } finally {
    model.dispose();
  }
}

function buildKnown(
  tf: Tf,
  { id, imageSize, classes }: Extract<NetworkToSummarise, { kind: 'backbone' }>,
  known: KnownBackbones,
) {
  const backbone = known.find(id);
  const { label, minimumImageSize: minimum, defaultImageSize } = backbone;
  const size = imageSize ?? defaultImageSize;
  if (size < minimum) throw new AppError('MODEL_TOO_SMALL_INPUT', { size, layer: label, minimum });
  const top = classes === null ? undefined : { classes };
  const topology = backbone.network({ inputShape: [size, size, 3], top });
  return buildTopology(tf, { format: 'Lenslet', topology }, id);
}
