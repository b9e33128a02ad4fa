import { beforeAll, expect, test } from 'vitest';
import type { ModelSummary } from '../../../../src-main/contract/app/model-summary.ts';
import { summarise } from '../../../../src-main/engine/network/layer-table.ts';
import { withReceptiveFields } from '../../../../src-main/engine/network/receptive-field.ts';
import { baseOf, layerTable, named } from '../../../../src-main/hosts/cli/layer-table.ts';
import { findRecipe } from '../../../../src-main/registries/recipes/index.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';

const tables: Record<string, ModelSummary> = {};
beforeAll(async () => {
  const backend = await plainBackend();
  for (const id of ['mnist', 'mnist-no-pooling']) {
    const model = findRecipe(id).build(backend.tf, { inputShape: [28, 28, 1], classes: 10, seed: 1 });
    tables[id] = withReceptiveFields(summarise(model), model);
    model.dispose();
  }
});

test('the base alone has the lecture’s 55,744 parameters, with and without pooling', () => {
  for (const table of Object.values(tables)) {
    const base = baseOf(table);
    expect(base).toMatchObject({ params: 55_744, trainableParams: 55_744, trainableWeights: 6 });
    expect(layerTable(base)).toContain('Parameters      55,744');
  }
  expect(baseOf(tables.mnist).layers.map(({ outputShape }) => outputShape[1])).toEqual([26, 13, 11, 5, 3]);
});

test('prints a table as the lecture does', () => {
  const lines = layerTable(named(baseOf(tables.mnist), 'lecture'), 'lecture').split('\n');
  expect(lines[3]).toBe('conv2d_1 (Conv2D)             (None, 26, 26, 32)        320');
  expect(lines[5]).toBe('maxpooling2d_1 (MaxPooling2D) (None, 13, 13, 32)        0');
  expect(lines).toContain('Total params: 55,744');
});

test('says how the trainable weight tensors change from stage to stage', () => {
  const stages = [
    { name: 'head', trainableWeights: 4, trainableParams: 1 },
    { name: 'fine-tuning', trainableWeights: 10, trainableParams: 2 },
  ];
  const text = layerTable({ ...tables.mnist, unfrozenWeights: 30, trainableWeights: 4, stages });
  expect(text).toContain('30 → 4 (head) → 10 (fine-tuning) trainable weight tensors');
});

test('three convolutions without pooling see 7 × 7 pixels', () => {
  expect(tables['mnist-no-pooling'].layers[2].receptiveField).toMatchObject({ size: [7, 7] });
});
