import { knownBackbones } from '../../../../src-main/registries/backbones/index.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import { loadModel } from '../../../../src-main/engine/models/model-file.ts';
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
    ['keras-3', 'operation.keras', /of type keras\.src\.ops.*Multiply/],
    ['keras-3', 'operation.h5', /of type keras\.ops\.Multiply/],
    ['keras-3', 'rows.keras', /Keras 3\.\d.* lstm of type LSTM\./],
    ['keras-3', 'groups.keras', /of type Conv2D with groups/],
  ])('%s/%s is named with the version of the file', async (dialect, file, message) => {
    const error = await errorOf(load(dialect, file));
    expect(error.code).toBe('MODEL_LAYER_UNSUPPORTED');
    expect(error.message).toMatch(message);
  });
});
