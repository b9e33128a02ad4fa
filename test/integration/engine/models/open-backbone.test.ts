import { knownBackbones, findBackbone } from '../../../../src-main/registries/backbones/index.ts';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as h5wasm from 'h5wasm/node';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { saveModel } from '../../../../src-main/engine/models/model-file.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
import { openBackbone } from '../../../../src-main/engine/models/open-backbone.ts';
import type { Topology } from '../../../../src-main/engine/network/topology.ts';
import { folderStorage } from '../../../../src-main/core/files/folder-storage.ts';
import { fillByFormula, formulaImage } from '../../../fixtures/keras-models/formula-weights.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

let tf: Tf;
let folder: string;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
  folder = mkdtempSync(join(tmpdir(), 'lenslet-backbones-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(path: string, imageSize: number) {
  return openBackbone(tf, {
    storage: folderStorage(dirname(path)),
    name: basename(path),
    path,
    imageSize,
    known: knownBackbones,
  });
}

async function failure(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}

/** Builds a network, its weights from the formula. */
async function build(topology: Topology): Promise<tfjs.LayersModel> {
  const model = await buildTopology(tf, { format: 'test', topology }, 'test');
  fillByFormula(tf, model);
  return model;
}

/** A small MobileNet, with or without its classifier. */
function mobilenet(size: number, classes?: number): Topology {
  const top = classes === undefined ? undefined : { classes };
  return findBackbone('mobilenet').network({ inputShape: [size, size, 3], alpha: 0.25, top });
}

async function writeTfjs(name: string, model: tfjs.LayersModel): Promise<string> {
  await saveModel(tf, folderStorage(folder), name, model, {
    classes: ['a', 'b'],
    preprocessing: '-1-1',
    imageSize: 64,
    channels: 3,
    recipe: 'test',
    run: 'test',
    epochs: 1,
    backbone: null,
  });
  return join(folder, name, 'model.json');
}

/** Writes weights alone, one group per layer, as Keras 2 did. */
async function writeWeightsH5(name: string, model: tfjs.LayersModel): Promise<string> {
  await h5wasm.ready;
  const path = join(folder, name);
  const file = new h5wasm.File(path, 'w');
  const layers = model.layers.filter(({ weights }) => weights.length > 0);
  file.create_attribute(
    'layer_names',
    layers.map((layer) => layer.name),
  );
  for (const layer of layers) {
    const group = file.create_group(layer.name);
    const names = layer.weights.map(({ originalName }) => `${originalName}:0`);
    group.create_attribute('weight_names', names);
    layer.weights.forEach((weight, index) => {
      const [inner, kind] = names[index].split('/').slice(-2);
      const target = (group.get(inner) ?? group.create_group(inner)) as h5wasm.Group;
      const data = weight.read().dataSync();
      target.create_dataset({ name: kind, data, shape: weight.shape as number[] });
    });
  }
  file.close();
  return path;
}

function features(model: tfjs.LayersModel, size: number): Float32Array {
  const image = formulaImage(tf, size, 2, -1);
  const output = model.predict(image) as tfjs.Tensor;
  const values = output.dataSync<'float32'>();
  tf.dispose([image, output]);
  return values;
}

function expectSame(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  const worst = found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0);
  expect(worst).toBeLessThan(1e-5);
  expect(Math.max(...found)).toBeGreaterThan(0.01);
}

describe('opening a backbone', () => {
  it('cuts the classifier off and takes images of another size', async () => {
    const path = await writeTfjs('with-top', await build(mobilenet(64, 2)));
    const plain = await build(mobilenet(96));
    const backbone = await open(path, 96);
    expect(backbone).toMatchObject({ id: 'mobilenet', preprocessing: '-1-1', imageSize: 96, channels: 3 });
    expect(backbone.model.inputs[0].shape).toEqual([null, 96, 96, 3]);
    expect(backbone.model.outputs[0].shape).toEqual([null, 3, 3, 256]);
    expect(backbone.model.layers.map(({ name }) => name)).toEqual(plain.layers.map(({ name }) => name));
    expectSame(features(backbone.model, 96), features(plain, 96));
    const again = await open(path, 64);
    expect(again.hash).toBe(backbone.hash);
    tf.dispose([backbone.model, again.model, plain].map((model) => model.getWeights()));
  });

  it('takes weights alone, finding network and width by names and shapes', async () => {
    const expected = await build(mobilenet(75));
    const path = await writeWeightsH5('anything.h5', expected);
    const backbone = await open(path, 75);
    expect(backbone.id).toBe('mobilenet');
    expect(backbone.model.countParams()).toBe(expected.countParams());
    expectSame(features(backbone.model, 75), features(expected, 75));
    backbone.model.dispose();
  });

  it('takes a network of the user’s own', async () => {
    const folder = join(import.meta.dirname, '../../../fixtures/keras-models/keras-3');
    const backbone = await open(join(folder, 'nested-stack.keras'), 20);
    // It rescales behind its augmentation.
    expect(backbone).toMatchObject({ id: null, preprocessing: 'none', channels: 3 });
    expect(backbone.assumed).toEqual(['Preprocessing none, because it begins by rescaling.']);
    expect(backbone.model.outputs[0].shape).toEqual([null, 7, 7, 4]);
    backbone.model.dispose();
    const first = await open(join(folder, 'branches.keras'), 16);
    expect(first.model.outputs[0].shape).toEqual([null, 8, 8, 24]);
    first.model.dispose();
    const error = await failure(open(join(folder, 'branches.keras'), 24));
    expect(error.message).toContain('it takes images of 16 pixels only, not of 24');
  });

  it('has another hash when a weight is another', async () => {
    const model = await build(mobilenet(32));
    const first = await open(await writeTfjs('first', model), 32);
    const [kernel] = model.layers[1].getWeights();
    model.layers[1].setWeights([tf.add(kernel, 1e-3)]);
    const second = await open(await writeTfjs('second', model), 32);
    expect(second.hash).not.toBe(first.hash);
    expect(second.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('what is wrong with a file is said', () => {
  it('a missing shard, by its name', async () => {
    const path = await writeTfjs('shard', await build(mobilenet(32)));
    rmSync(join(dirname(path), 'weights.bin'));
    const error = await failure(open(path, 32));
    expect(error.code).toBe('MODEL_SHARD_MISSING');
    expect(error.message).toContain('weights.bin');
  });

  it('a shard that is cut off, by its size', async () => {
    const path = await writeTfjs('cut', await build(mobilenet(32)));
    const shard = join(dirname(path), 'weights.bin');
    writeFileSync(shard, readFileSync(shard).subarray(0, 1000));
    const error = await failure(open(path, 32));
    expect(error.code).toBe('MODEL_SHARD_SIZE');
    expect(error.message).toMatch(/Expected: \d+ bytes\. Received: 1000 bytes\./);
  });

  it.each([
    ['page.h5', '<!DOCTYPE html><html><body>Sign in</body></html>', /it is a web page/],
    ['page.keras', '<html>', /it is a web page.* instead of a Keras archive/],
    ['model.json', '<html>', /it is a web page, not a model/],
    ['broken.json', '{"modelTopology": ', /it is not JSON/],
    ['other.json', '{"name": "lenslet"}', /not a TensorFlow\.js layers model/],
    ['pointer.h5', 'version https://git-lfs.github.com/spec/v1\noid sha256:0', /Git LFS pointer/],
    ['empty.h5', '', /it is empty/],
    ['text.h5', 'weights', /something else instead of an HDF5 file/],
    ['photo.h5', 'GIF89a', /a picture instead of an HDF5 file/],
  ])('%s that is something else', async (name, content, message) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const error = await failure(open(path, 32));
    expect(error.code).toBe('MODEL_FILE_INVALID');
    expect(error.message).toMatch(message);
  });

  it.each(['h5', 'keras'])('a .%s file that is cut off', async (ending) => {
    const whole = readFileSync(
      join(import.meta.dirname, `../../../fixtures/keras-models/keras-3/stack.${ending}`),
    );
    const path = join(folder, `cut.${ending}`);
    writeFileSync(path, whole.subarray(0, whole.byteLength * 0.7));
    const error = await failure(open(path, 14));
    expect(error.code).toBe('MODEL_FILE_INVALID');
    expect(error.message).toContain('cut off or damaged');
  });

  it('weights of a network that nobody knows', async () => {
    const { topology } = { topology: mobilenet(32) };
    const renamed = JSON.parse(JSON.stringify(topology).replaceAll('conv_', 'other_')) as Topology;
    const path = await writeWeightsH5('other.h5', await build(renamed));
    const error = await failure(open(path, 32));
    expect(error.code).toBe('MODEL_WEIGHTS_UNKNOWN');
    expect(error.message).toContain('other_dw_1');
    expect(error.remedy).toContain('MobileNetV2');
  });

  it('weights whose sizes are another network’s', async () => {
    const topology = mobilenet(32);
    const layers = topology.config.layers.map((layer) =>
      layer.name === 'conv_pw_13' ? { ...layer, config: { ...layer.config, filters: 100 } } : layer,
    );
    const path = await writeWeightsH5(
      'shapes.h5',
      await build({ ...topology, config: { ...topology.config, layers } }),
    );
    const error = await failure(open(path, 32));
    expect(error.code).toBe('MODEL_WEIGHTS_MISMATCH');
    expect(error.message).toMatch(/conv_pw_13 has weights of 1×1×256×100 where 1×1×256×256 are expected/);
  });

  it('images that are too small, with the size that is needed', async () => {
    const path = await writeTfjs('small', await build(mobilenet(32)));
    expect((await failure(open(path, 16))).remedy).toContain('at least 32');
    const own = join(import.meta.dirname, '../../../fixtures/keras-models/keras-3/stack.h5');
    const error = await failure(open(own, 3));
    expect(error.code).toBe('MODEL_TOO_SMALL_INPUT');
    const minimum = Number(error.params.minimum);
    (await open(own, minimum)).model.dispose();
    expect((await failure(open(own, minimum - 1))).code).toBe('MODEL_TOO_SMALL_INPUT');
  });

  it('a network without a feature map', async () => {
    const input = tf.input({ shape: [8, 8, 3] });
    const flat = tf.layers.flatten().apply(input);
    const output = tf.layers.dense({ units: 2 }).apply(flat) as tfjs.SymbolicTensor;
    const path = await writeTfjs('dense', tf.model({ inputs: input, outputs: output }));
    const error = await failure(open(path, 8));
    expect(error.code).toBe('BACKBONE_UNSUPPORTED');
    expect(error.message).toContain('nothing is left');
  });

  it('a layer that follows one that is not there, instead of looking for ever', async () => {
    const path = await writeTfjs('loose', await build(mobilenet(32)));
    const text = readFileSync(path, 'utf8').replace('[["conv1_bn",0,0,{}]]', '[["gone",0,0,{}]]');
    expect(text).toContain('"gone"');
    writeFileSync(path, text);
    expect((await failure(open(path, 32))).message).toMatch(/gone, which it does not have/);
  });
});

const published = sharedData('backbones/mobilenet_v2_1.0_224');
describe.skipIf(published === null)('the published MobileNetV2', () => {
  it('is cut before its pooling and takes 160 pixels', async () => {
    const backbone = await open(join(published!, 'model.json'), 160);
    expect(backbone).toMatchObject({ id: 'mobilenet-v2', label: 'MobileNetV2', preprocessing: '-1-1' });
    expect(backbone.model.layers.at(-1)!.name).toBe('conv_35_relu6');
    expect(backbone.model.outputs[0].shape).toEqual([null, 5, 5, 1280]);
    backbone.model.dispose();
  });

  it('says which shard is missing', async () => {
    const copy = join(folder, 'published');
    mkdirSync(copy);
    cpSync(join(published!, 'model.json'), join(copy, 'model.json'));
    const error = await failure(open(join(copy, 'model.json'), 160));
    expect(error.message).toContain('group1-shard1of4.bin');
  });
});
