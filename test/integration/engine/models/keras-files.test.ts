import { knownBackbones } from '../../../../src-main/registries/backbones/index.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { beginsWithRescaling } from '../../../../src-main/engine/models/known-preprocessing.ts';
import { loadModel, saveModel } from '../../../../src-main/engine/models/model-file.ts';
import { openBackbone } from '../../../../src-main/engine/models/open-backbone.ts';
import { Network } from '../../../../src-main/engine/network/network.ts';
import { folderStorage } from '../../../../src-main/core/files/folder-storage.ts';
import { type ImageShape, formulaImages, imageCount } from '../../../fixtures/keras-models/images.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/keras-models');

const expectedSchema = z.record(
  z.string(),
  z.object({
    input: z.tuple([z.number(), z.number(), z.number()]),
    scale: z.number(),
    parameters: z.number(),
    outputs: z.array(z.array(z.number())),
  }),
);

function readExpected(dialect: string) {
  const { version, ...models } = JSON.parse(
    readFileSync(join(fixtures, dialect, 'expected.json'), 'utf8'),
  ) as Record<string, unknown>;
  return { version: String(version), models: expectedSchema.parse(models) };
}

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

function load(dialect: string, name: string) {
  const folder = join(fixtures, dialect);
  return loadModel(tf, {
    storage: folderStorage(folder),
    name,
    path: join(folder, name),
    known: knownBackbones,
  });
}

function answers(model: tfjs.LayersModel, shape: ImageShape, scale: number): number[][] {
  const images = tf.tensor4d(formulaImages(shape, scale), [imageCount, ...shape]);
  const outputs = model.predict(images) as tfjs.Tensor2D;
  const values = outputs.arraySync();
  tf.dispose([images, outputs]);
  return values;
}

const dialects = ['keras-2', 'keras-3'];
const cases = dialects.flatMap((dialect) =>
  Object.entries(readExpected(dialect).models).flatMap(([name, expected]) =>
    ['h5', 'keras'].map((ending) => ({ dialect, file: `${name}.${ending}`, expected })),
  ),
);

describe('a model saved by Keras', () => {
  it.each(cases)('$dialect/$file computes what it computed there', async ({ dialect, file, expected }) => {
    const { model } = await load(dialect, file);
    expect(model.countParams()).toBe(expected.parameters);
    const found = answers(model, expected.input, expected.scale);
    expected.outputs.forEach((row, image) =>
      row.forEach((value, place) => expect(Math.abs(found[image][place] - value)).toBeLessThan(1e-4)),
    );
    model.dispose();
  });
});

it.each(['caffe.keras', 'caffe.h5', 'operations.keras'])(
  '%s scales its pixels itself, by operations',
  async (name) => {
    const { model } = await load('keras-3', name);
    expect(beginsWithRescaling(model)).toBe(true);
    model.dispose();
  },
);

it('a layer is found by the name that Keras gave it', async () => {
  const { model } = await load('keras-3', 'operations.keras');
  expect(new Network(model).find('_first').type).toBe('Conv2D');
  model.dispose();
});

it('a network with operations between layers is saved and read again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-operations-'));
  for (const name of ['operations', 'convnext']) {
    const expected = readExpected('keras-3').models[name];
    const { model } = await load('keras-3', `${name}.keras`);
    await saveModel(tf, folderStorage(folder), name, model, {} as never);
    const path = join(folder, name, 'model.json');
    const storage = folderStorage(join(folder, name));
    const again = await loadModel(tf, { storage, name: 'model.json', path, known: knownBackbones });
    const found = answers(again.model, expected.input, expected.scale);
    expect(Math.abs(found[1][0] - expected.outputs[1][0])).toBeLessThan(1e-5);
    model.dispose();
    again.model.dispose();
  }
  rmSync(folder, { recursive: true });
});

it('a part of a network before a pooling that all ways pass is its backbone', async () => {
  const path = join(fixtures, 'keras-3', 'convnext.h5');
  const storage = folderStorage(join(fixtures, 'keras-3'));
  const place = { storage, name: 'convnext.h5', path, known: knownBackbones, imageSize: 14 };
  const backbone = await openBackbone(tf, place);
  expect(backbone).toMatchObject({ preprocessing: 'none', channels: 3 });
  expect(backbone.model.outputs[0].shape).toEqual([null, 3, 3, 12]);
  backbone.model.dispose();
});

it('the gradient goes back through operations, groups and normalisations without a scale', async () => {
  for (const [name, size, scale] of [
    ['operations', 8, 255],
    ['convnext', 10, 255],
    ['branches', 16, 1],
  ] as const) {
    const { model } = await load('keras-3', `${name}.keras`);
    const score = (x: tfjs.Tensor): tfjs.Tensor =>
      tf.sum(tf.slice(model.apply(x, { training: false }) as tfjs.Tensor, [0, 0], [1, 1]));
    const image = tf.tensor4d(formulaImages([size, size, 3], scale).slice(0, size * size * 3), [
      1,
      size,
      size,
      3,
    ]);
    const found = tf.grad(score)(image).dataSync();
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found.some((value) => value !== 0)).toBe(true);
    model.dispose();
  }
});

async function errorOf(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}

describe('a layer that Lenslet does not know', () => {
  it.each([
    ['keras-2', 'lambda.h5', /Keras 2\.\d.* of type Lambda\./],
    ['keras-2', 'lambda.keras', /Keras 2\.\d.* of type Lambda\./],
    ['keras-3', 'lambda.h5', /Keras 3\.\d.* of type Lambda\./],
    ['keras-3', 'lambda.keras', /Keras 3\.\d.* of type Lambda\./],
    ['keras-3', 'operation.keras', /of type keras\.src\.ops.*Cumsum/],
    ['keras-3', 'operation.h5', /of type keras\.ops\.Cumsum/],
    ['keras-3', 'rows.keras', /Keras 3\.\d.* lstm of type LSTM\./],
  ])('%s/%s is named with the version of the file', async (dialect, file, message) => {
    const error = await errorOf(load(dialect, file));
    expect(error.code).toBe('MODEL_LAYER_UNSUPPORTED');
    expect(error.message).toMatch(message);
  });
});
