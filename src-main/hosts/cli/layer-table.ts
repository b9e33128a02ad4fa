import type { ModelSummary } from '../../contract/training.ts';
import { count, table } from './text.ts';

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
    `Trainable       ${count(summary.trainableWeights)} weight tensors`,
    `Multiplications ${count(summary.multiplications)} for one image`,
  ].join('\n');
}
