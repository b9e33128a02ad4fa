/** Networks with 8 bits, computed by LiteRT: near to what they are with floats. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import { loadLiteRt } from '../../../../src-main/backends/litert.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import type { ModelRuntime } from '../../../../src-main/engine/base/model-runtime.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { measureRanges } from '../../../../src-main/engine/litert/measure-ranges.ts';
import { forInt8, writeInt8 } from '../../../../src-main/engine/litert/write-int8.ts';
import { litertInput, litertOutput } from '../../../../src-main/engine/litert/write-litert.ts';
import { lowerNetwork } from '../../../../src-main/engine/lowering/lower-network.ts';
import {
  type DrawnNetwork,
  drawnBackbones,
  drawnEndings,
  drawnLayers,
} from '../../../fixtures/models/drawn-networks.ts';
import { farNetworks } from '../../../fixtures/models/far-networks.ts';

let tf: Tf;
let litert: ModelRuntime;
beforeAll(async () => {
  ({ tf } = (await loadBackend()).backend);
  registerLayers(tf);
  litert = await loadLiteRt();
});

async function* each({ pixels, images }: DrawnNetwork): AsyncGenerator<Uint8Array> {
  const size = pixels.length / images;
  for (let image = 0; image < images; image++) yield pixels.slice(image * size, (image + 1) * size);
}

async function compute(drawn: DrawnNetwork): Promise<Float32Array> {
  const { model, imageSize, channels } = drawn;
  const network = forInt8(lowerNetwork(model, drawn, 'LiteRT'));
  model.dispose();
  const { graph, inputs, outputs } = writeInt8(network, await measureRanges(litert, network, each(drawn)));
  const session = await litert.open(graph.write('', inputs, outputs));
  const found: number[] = [];
  for await (const pixels of each(drawn)) {
    const [{ values }] = await session.run(litertInput, [1, imageSize, imageSize, channels], pixels, [
      litertOutput,
    ]);
    found.push(...values);
  }
  await session.close();
  return Float32Array.from(found);
}

describe('networks with 8 bits are near to what they are with floats', () => {
  it('for every kind of layer', async () => {
    const all = Object.entries(drawnLayers(tf));
    const layers = Object.fromEntries(all.filter(([name]) => name !== 'Softmax along the rows'));
    expect(await farNetworks(layers, compute, 0.03)).toEqual([]);
  });

  it('for every preparation of pixels and every ending', async () => {
    expect(await farNetworks(drawnEndings(tf), compute, 0.1)).toEqual([]);
  });

  it('for the default network', async () => {
    const { 'efficientnet-lite0': draw } = drawnBackbones(tf);
    expect(await farNetworks({ draw }, compute, 0.1)).toEqual([]);
  });

  it('for every network of the registry', { tags: ['long'] }, async () => {
    expect(await farNetworks(drawnBackbones(tf), compute, 0.15)).toEqual([]);
  });
});
