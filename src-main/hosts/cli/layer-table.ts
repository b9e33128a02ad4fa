import type { ModelSummary } from '../../contract/app/model-summary.ts';
import { count, table } from './text.ts';

/** How many weight tensors train, and of how many when some are frozen. */
function trainable({ trainableWeights, unfrozenWeights }: ModelSummary): string {
  if (trainableWeights === unfrozenWeights) return `${count(trainableWeights)} weight tensors`;
  return `${count(trainableWeights)} of ${count(unfrozenWeights)} weight tensors; the others are frozen`;
}

/** A model's layers as a table with totals, shapes as `150×150×3`. */
export function layerTable(summary: ModelSummary): string {
  const rows = summary.layers.map((layer) => [
    layer.name,
    layer.type,
    layer.outputShape.slice(1).join('×'),
    count(layer.params),
    count(layer.multiplications),
  ]);
  const frozen = summary.params - summary.trainableParams;
  return [
    table([['layer', 'type', 'output', 'parameters', 'multiplications'], ...rows]),
    '',
    `Parameters      ${count(summary.params)}, of which ${count(summary.trainableParams)} trainable and ${count(frozen)} not`,
    `Trainable       ${trainable(summary)}`,
    `Multiplications ${count(summary.multiplications)} for one image`,
  ].join('\n');
}
