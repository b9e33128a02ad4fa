import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { kernelOf } from '../../../../src-main/engine/interpretation/kernel.ts';
import { nearestNames } from '../../../../src-main/engine/network/layer-errors.ts';
import { Network } from '../../../../src-main/engine/network/network.ts';
import { mapNetwork } from '../../../../src-main/engine/interpretation/network-map.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';
import { formulaNetwork } from '../../../fixtures/models/formula-network.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

function codeOf(call: () => unknown): AppError {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the network map', () => {
  it('opens nested models and tells the same as for the plain stack', () => {
    const maps = (['sequential', 'nested', 'nested-in-graph'] as const).map((form) =>
      mapNetwork(new Network(formulaNetwork(backend.tf, 3, form))),
    );
    const [plain, ...others] = maps;
    expect(plain.heatmapLayer).toBe('block3_conv1');
    for (const nested of others) {
      expect(nested.heatmapLayer).toBe('block3_conv1');
      expect(nested.layers.map((layer) => ({ ...layer, within: null }))).toEqual(plain.layers);
      const inside = nested.layers.filter(({ within }) => within === 'base').map(({ name }) => name);
      expect(inside).toEqual(['block1_conv1', 'block1_pool', 'block2_conv1', 'block2_pool', 'block3_conv1']);
    }
  });

  it('tells the uses of one layer apart', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [16, 16, 3] });
    const conv = tf.layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3 });
    const output = conv.apply(conv.apply(input)) as typeof input;
    const network = new Network(tf.model({ inputs: input, outputs: output }));
    const { layers, heatmapLayer } = mapNetwork(network);
    expect(layers.map(({ name, outputShape }) => [name, outputShape[1]])).toEqual([
      ['conv', 14],
      ['conv (2)', 12],
    ]);
    expect(layers[1].inputs).toEqual(['conv']);
    expect(heatmapLayer).toBe('conv (2)');
    expect(network.find('conv (2)')).toBe(network.last);
  });

  it('knows what a unit of each layer sees', () => {
    const { layers } = mapNetwork(new Network(formulaNetwork(backend.tf, 3)));
    const fields = Object.fromEntries(layers.map(({ name, receptiveField }) => [name, receptiveField]));
    expect(fields).toEqual({
      block1_conv1: { size: [3, 3], stride: [1, 1], start: [0, 0] },
      block1_pool: { size: [4, 4], stride: [2, 2], start: [0, 0] },
      // Padded `same`: it begins two pixels before the picture.
      block2_conv1: { size: [8, 8], stride: [2, 2], start: [-2, -2] },
      block2_pool: { size: [10, 10], stride: [4, 4], start: [-2, -2] },
      block3_conv1: { size: [18, 18], stride: [4, 4], start: [-2, -2] },
      flatten: 'all',
      dense: 'all',
      head: 'all',
    });
  });

  it("sees 7×7 pixels after the lesson's three convolutions without pooling", () => {
    const { tf } = backend;
    const conv = (filters: number, first: object = {}) =>
      tf.layers.conv2d({ filters, kernelSize: 3, activation: 'relu', ...first });
    const model = tf.sequential({ layers: [conv(32, { inputShape: [28, 28, 1] }), conv(64), conv(64)] });
    const last = mapNetwork(new Network(model)).layers.at(-1)!;
    expect(last.receptiveField).toEqual({ size: [7, 7], stride: [1, 1], start: [0, 0] });
    expect(last.outputShape).toEqual([null, 22, 22, 64]);
    expect(last.kernel).toEqual([3, 3, 64]);
  });

  it('finds the activation that is a separate layer, and what the last convolution is part of', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [16, 16, 3] });
    type Symbolic = ReturnType<typeof tf.input>;
    const apply = (layer: { apply(from: never): unknown }, from: Symbolic | Symbolic[]) =>
      layer.apply(from as never) as Symbolic;
    const conv = (name: string) => tf.layers.conv2d({ name, filters: 4, kernelSize: 3, padding: 'same' });
    const first = apply(tf.layers.reLU({ name: 'first_relu' }), apply(conv('first'), input));
    const second = apply(tf.layers.batchNormalization({ name: 'second_norm' }), apply(conv('second'), first));
    const sum = apply(tf.layers.add({ name: 'sum' }), [first, second]);
    const active = apply(tf.layers.reLU({ name: 'sum_relu' }), sum);
    const pooled = apply(tf.layers.globalAveragePooling2d({ name: 'pooled' }), active);
    const output = apply(tf.layers.dense({ units: 2, activation: 'softmax' }), pooled);
    const network = new Network(tf.model({ inputs: input, outputs: output }));
    const { layers, heatmapLayer } = mapNetwork(network);
    expect(heatmapLayer).toBe('sum_relu');
    expect(layers.find(({ name }) => name === 'first')?.activatedBy).toBe('first_relu');
    expect(layers.find(({ name }) => name === 'second')?.activatedBy).toBeNull();
    expect(layers.find(({ name }) => name === 'sum')?.inputs).toEqual(['first_relu', 'second_norm']);
    expect(layers.find(({ name }) => name === 'sum')?.receptiveField).toEqual({
      size: [5, 5],
      stride: [1, 1],
      start: [-2, -2],
    });
    expect(layers.find(({ name }) => name === 'pooled')?.receptiveField).toBe('all');
  });
});

describe('a layer by name', () => {
  it('is found, also inside a nested model, and a wrong name offers the nearest', () => {
    const network = new Network(formulaNetwork(backend.tf, 3, 'nested-in-graph'));
    expect(network.find('base/block2_conv1')).toBe(network.find('block2_conv1'));
    const error = codeOf(() => network.find('block2_cnov1'));
    expect(error.code).toBe('MODEL_LAYER_UNKNOWN');
    expect(error.remedy).toMatch(/^Did you mean one of these: block2_conv1,/);
  });

  it('prefers names that hold what was typed', () => {
    expect(nearestNames('conv_35', ['conv_33', 'conv_3', 'conv_35_relu6', 'conv_25'])[0]).toBe(
      'conv_35_relu6',
    );
    expect(nearestNames('Block1', ['dense', 'block1_pool', 'block1_conv1']).slice(0, 2)).toEqual([
      'block1_pool',
      'block1_conv1',
    ]);
  });
});

describe('the numbers of a filter', () => {
  it('are those of the layer', () => {
    const model = formulaNetwork(backend.tf, 3);
    const { values, bias, activation } = kernelOf(new Network(model), 'block1_conv1', 5);
    const [kernel, biases] = model.getLayer('block1_conv1').getWeights();
    expect(values[2][0][1]).toBe(kernel.dataSync()[((2 * 3 + 0) * 3 + 1) * 8 + 5]);
    expect(bias).toBe(biases.dataSync()[5]);
    expect(activation).toBe('relu');
    expect(codeOf(() => kernelOf(new Network(model), 'block1_conv1', 8)).code).toBe('MODEL_FILTER_UNKNOWN');
    expect(codeOf(() => kernelOf(new Network(model), 'flatten', 0)).code).toBe('MODEL_LAYER_UNSUITABLE');
  });
});
