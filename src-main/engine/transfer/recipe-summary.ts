/** The layer table of a recipe, with what each of its stages trains. */
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../network/recipe.ts';
import { summarise } from '../network/layer-table.ts';
import { withReceptiveFields } from '../network/receptive-field.ts';
import { type RunNetwork, freezeFor } from './run-network.ts';

/**
 * Totals and rows as the first stage trains them, the counts of every stage, and the layers inside the backbone as the
 * last stage trains them. Leaves the network as that stage needs it.
 * @throws AppError TRAINING_LAYER_UNKNOWN
 */
export function summariseRecipe(
  network: RunNetwork,
  recipe: Pick<Recipe, 'stages'>,
  settings: RunSettings,
): ModelSummary {
  const summary = withReceptiveFields(summarise(network.model), network.model);
  const stages = recipe.stages(settings).map(({ name, trains }) => {
    freezeFor(network, trains, settings);
    const { trainableWeights, trainableParams } = summarise(network.model);
    return { name, trainableWeights, trainableParams };
  });
  const { transfer, assumed } = network;
  if (transfer === null) return { ...summary, stages };
  const { layers } = summarise(transfer.backbone);
  return { ...summary, stages, backbone: { name: transfer.backbone.name, layers, assumed: [...assumed] } };
}
