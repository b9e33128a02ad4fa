import {
  knownBackbones,
  backbones,
  findBackbone,
  recogniseBackbone,
} from '../../../../src-main/registries/backbones/index.ts';
import { dirname } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
import { openBackbone } from '../../../../src-main/engine/models/open-backbone.ts';
import { sketchOf } from '../../../../src-main/engine/models/sketch.ts';
import { allLayers, nameOf } from '../../../../src-main/engine/network/topology.ts';
import { folderStorage } from '../../../../src-main/core/files/folder-storage.ts';
import { fillByFormula, formulaImage } from '../../../fixtures/keras-models/formula-weights.ts';
import keras from '../../../fixtures/keras-models/networks.json' with { type: 'json' };
import { sharedData } from '../../../fixtures/shared-data.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

/** What Keras computed: a few values of the feature map, its mean and its largest value. */
interface Answer {
  readonly size: number;
  readonly scale: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly largest: number;
  readonly mean: number;
  readonly samples: readonly number[];
}

function compare(model: tfjs.LayersModel, expected: Answer): void {
  const image = formulaImage(tf, expected.size, expected.scale, expected.offset);
  const output = model.predict(image) as tfjs.Tensor4D;
  expect(output.shape.slice(1)).toEqual(expected.shape);
  const values = output.dataSync<'float32'>();
  tf.dispose([image, output]);
  const near = (found: number, wanted: number): void =>
    expect(Math.abs(found - wanted)).toBeLessThan(1e-4 * Math.max(1, expected.largest));
  const last = values.length - 1;
  expected.samples.forEach((value, index) =>
    near(values[Math.floor((index * last) / (expected.samples.length - 1))], value),
  );
  near(values.reduce((sum, value) => sum + value, 0) / values.length, expected.mean);
  near(
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    expected.largest,
  );
}

const networks = Object.entries(keras.networks).map(([name, expected]) => {
  const alpha = Number(/-(0\.\d+)$/.exec(name)?.[1] ?? 1);
  return { name, id: name.replace(/-0\.\d+$/, ''), alpha, expected };
});

describe('a network of the registry', () => {
  it.each(networks)('$name has the layers and parameters of Keras and computes the same', async (network) => {
    const { id, alpha, expected } = network;
    const backbone = findBackbone(id);
    const topology = backbone.network({ inputShape: [expected.size, expected.size, 3], alpha });
    expect(allLayers(topology).map(nameOf).slice(1).sort()).toEqual([...expected.layers].sort());
    expect(recogniseBackbone(sketchOf(topology))?.id).toBe(id);
    const model = await buildTopology(tf, { format: 'Lenslet', topology }, id);
    expect(model.countParams()).toBe(expected.parameters);
    if (alpha === 1) expect(backbone.parameters).toBe(expected.parameters);
    const trainable = model.trainableWeights.reduce(
      (sum, { shape }) => sum + shape.reduce<number>((a, b) => a * (b ?? 1), 1),
      0,
    );
    expect(trainable).toBe(expected.trainableParameters);
    fillByFormula(tf, model);
    compare(model, expected);
    model.dispose();
  });

  it.each(networks)('$name has the classifier of Keras', async ({ id, alpha, expected }) => {
    const { classes, parameters, layers } = expected.top;
    const inputShape = [expected.size, expected.size, 3] as const;
    const topology = findBackbone(id).network({ inputShape, alpha, top: { classes } });
    const names = allLayers(topology).map(nameOf);
    expect(names.slice(-layers.length)).toEqual(layers);
    expect(recogniseBackbone(sketchOf(topology))?.id).toBe(id);
    const model = await buildTopology(tf, { format: 'Lenslet', topology }, id);
    expect(model.countParams()).toBe(parameters);
    expect(model.outputs[0].shape).toEqual([null, classes]);
    model.dispose();
  });

  it.each(backbones.map(({ id }) => id))('%s works with the smallest image it takes', async (id) => {
    const { minimumImageSize: size, network } = findBackbone(id);
    const model = await buildTopology(
      tf,
      { format: 'Lenslet', topology: network({ inputShape: [size, size, 3] }) },
      id,
    );
    const [, height, width] = model.outputs[0].shape;
    expect(Math.min(height!, width!)).toBeGreaterThan(0);
    model.dispose();
  });
});

const squeezenet = sharedData(
  'backbones/squeezenet_v1.1_keras_h5/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5',
);
describe.skipIf(squeezenet === null)('the published SqueezeNet weights', () => {
  it('give what Keras gives', async () => {
    const { parameters, size, ...answer } = keras.squeezenet;
    const path = squeezenet!;
    const file = { storage: folderStorage(dirname(path)), name: path.slice(dirname(path).length + 1), path };
    const open = await openBackbone(tf, { ...file, imageSize: size, known: knownBackbones });
    expect(open).toMatchObject({ id: 'squeezenet', preprocessing: 'imagenet', channels: 3, imageSize: size });
    expect(open.model.countParams()).toBe(parameters);
    compare(open.model, { size, ...answer });
    open.model.dispose();
  });
});
