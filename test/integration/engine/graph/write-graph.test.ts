/** Networks lowered and written as graphs, and computed by TensorFlow.js on TensorFlow. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { DataType, GraphNodes } from '../../../../src-main/engine/graph/graph-nodes.ts';
import { writeTfjsModel } from '../../../../src-main/engine/graph/tfjs-model.ts';
import { graphInput, graphOutput, writeGraph } from '../../../../src-main/engine/graph/write-graph.ts';
import { lowerNetwork } from '../../../../src-main/engine/lowering/lower-network.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
import { loadGraph } from '../../../../src-main/registries/exports/graph-file.ts';
import {
  type DrawnNetwork,
  drawnBackbones,
  drawnEndings,
  drawnLayers,
  stack,
} from '../../../fixtures/models/drawn-networks.ts';
import { farNetworks } from '../../../fixtures/models/far-networks.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = (await loadBackend()).backend);
  registerLayers(tf);
});

async function compute(drawn: DrawnNetwork): Promise<Float32Array> {
  const { model, imageSize, channels, images, pixels } = drawn;
  const network = lowerNetwork(model, drawn, 'TensorFlow');
  model.dispose();
  const graph = new GraphNodes();
  const image = graph.placeholder(graphInput, DataType.DT_INT32, [-1, ...network.imageShape]);
  writeGraph(graph, network, image, DataType.DT_INT32);
  const about = { generatedBy: 'test', metadata: {}, weightsFile: 'weights.bin' };
  const { description, weights } = writeTfjsModel(graph, network.imageShape, 2, about);
  const loaded = await loadGraph(tf, description, weights);
  const found = tf.tidy(() => {
    const shape = [images, imageSize, imageSize, channels];
    const output = loaded.execute(
      { [graphInput]: tf.tensor(Array.from(pixels), shape, 'int32') },
      graphOutput,
    );
    return [output].flat()[0].dataSync<'float32'>();
  });
  loaded.dispose();
  return found;
}

const far = (networks: Record<string, () => Promise<DrawnNetwork>>) => farNetworks(networks, compute);

describe('networks written as graphs compute what they compute here', () => {
  it('for every kind of layer', async () => {
    const all = Object.entries(drawnLayers(tf));
    const layers = Object.fromEntries(all.filter(([name]) => name !== 'Softmax along the rows'));
    expect(Object.keys(layers).length).toBeGreaterThan(35);
    expect(await far(layers)).toEqual([]);
  });

  it('for every preparation of pixels and every ending', async () => {
    expect(await far(drawnEndings(tf))).toEqual([]);
  });

  it('for the default network', async () => {
    const { 'efficientnet-lite0': draw } = drawnBackbones(tf);
    expect(await far({ draw })).toEqual([]);
  });

  it('for every network of the registry', { tags: ['long'] }, async () => {
    expect(await far(drawnBackbones(tf))).toEqual([]);
  });
});

it('puts what follows a convolution into its weights', async () => {
  const topology = stack('BatchNormalization', { axis: -1, epsilon: 0.01 });
  const model = await buildTopology(tf, { format: 'test', topology }, 'stack');
  const options = {
    preprocessing: 'none',
    imageSize: 15,
    channels: 3,
    ending: { activation: 'softmax', outputs: 2 },
  } as const;
  const { operations, layers } = lowerNetwork(model, options, 'TensorFlow');
  expect(operations.map(({ work: { kind } }) => kind)).toEqual(['convolution']);
  expect(layers.map(({ name }) => name)).toEqual(['second']);
});

it('refuses what has no operation, naming the layer', async () => {
  const topology = stack('Softmax', { axis: 1, name: 'odd_one' });
  const model = await buildTopology(tf, { format: 'test', topology }, 'odd');
  const options = {
    preprocessing: 'none',
    imageSize: 15,
    channels: 3,
    ending: { activation: 'softmax', outputs: 2 },
  } as const;
  expect(() => lowerNetwork(model, options, 'TensorFlow')).toThrow(
    expect.objectContaining({
      code: 'EXPORT_LAYER_UNSUPPORTED',
      params: { format: 'TensorFlow', layer: 'odd_one', type: 'Softmax along another axis' },
    }),
  );
});
