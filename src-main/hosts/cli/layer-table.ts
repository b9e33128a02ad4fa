import type { LayerRow, ModelSummary } from '../../contract/app/model-summary.ts';
import {
  type LayerNaming,
  baseLength,
  kerasShape,
  namesOfLayers,
} from '../../contract/shared/keras-names.ts';
import { count, table } from './text.ts';

/** How many weight tensors train, and of how many when some are frozen. */
function trainable({ trainableWeights, unfrozenWeights }: ModelSummary): string {
  if (trainableWeights === unfrozenWeights) return `${count(trainableWeights)} weight tensors`;
  return `${count(trainableWeights)} of ${count(unfrozenWeights)} weight tensors; the others are frozen`;
}

/** The way of a network's weight tensors through its stages: `30 → 4 (head) → 10 (fine-tuning)`; empty for one stage. */
function stagesLine({ stages = [], unfrozenWeights }: ModelSummary): string[] {
  if (stages.length < 2) return [];
  const steps = stages.map(({ name, trainableWeights }) => `${count(trainableWeights)} (${name})`);
  return [`Stages          ${[count(unfrozenWeights), ...steps].join(' → ')} trainable weight tensors`];
}

/** A model's layers as a table with totals, shapes as `150×150×3`. */
export function layerTable(summary: ModelSummary, naming: LayerNaming = 'own'): string {
  if (naming !== 'own') return kerasTable(summary);
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
    ...stagesLine(summary),
    `Multiplications ${count(summary.multiplications)} for one image`,
  ].join('\n');
}

/** As `model.summary()` of Keras 2 prints it, with the stages of a recipe below. */
function kerasTable(summary: ModelSummary): string {
  const cells = summary.layers.map(({ name, type, outputShape, params }) => [
    `${name} (${type})`,
    kerasShape(outputShape),
    String(params),
  ]);
  // Keras' columns, but names are not cut.
  const widths = [29, 26, 10].map((least, i) => Math.max(least, ...cells.map((row) => row[i].length + 1)));
  const row = (texts: readonly string[]): string =>
    texts
      .map((text, i) => text.padEnd(widths[i]))
      .join('')
      .trimEnd();
  const width = widths.reduce((sum, one) => sum + one, 0);
  const [line, double] = ['_'.repeat(width), '='.repeat(width)];
  const rows = cells.map(row);
  return [
    line,
    row(['Layer (type)', 'Output Shape', 'Param #']),
    double,
    rows.join(`\n${line}\n`),
    double,
    `Total params: ${count(summary.params)}`,
    `Trainable params: ${count(summary.trainableParams)}`,
    `Non-trainable params: ${count(summary.params - summary.trainableParams)}`,
    line,
    ...stagesLine(summary),
  ].join('\n');
}

/** A summary with its layers named otherwise, and those inside its pretrained network. */
export function named(summary: ModelSummary, naming: LayerNaming): ModelSummary {
  const rename = (layers: readonly LayerRow[]): LayerRow[] => {
    const names = namesOfLayers(layers, naming);
    return layers.map((layer, i) => ({ ...layer, name: names[i] }));
  };
  const { backbone } = summary;
  const inside = backbone && { backbone: { ...backbone, layers: rename(backbone.layers) } };
  return { ...summary, layers: rename(summary.layers), ...inside };
}

/** The convolutional base alone: the layers before the first that makes a list of the map, with their totals. */
export function baseOf(summary: ModelSummary): ModelSummary {
  const layers = summary.layers.slice(0, baseLength(summary.layers));
  const total = (
    key: 'params' | 'trainableParams' | 'trainableWeights' | 'unfrozenWeights' | 'multiplications',
  ) => layers.reduce((sum, layer) => sum + layer[key], 0);
  return {
    ...summary,
    stages: undefined,
    layers,
    params: total('params'),
    trainableParams: total('trainableParams'),
    trainableWeights: total('trainableWeights'),
    unfrozenWeights: total('unfrozenWeights'),
    multiplications: total('multiplications'),
  };
}
