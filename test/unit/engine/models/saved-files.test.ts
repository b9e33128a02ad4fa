import { knownBackbones } from '../../../../src-main/registries/backbones/index.ts';
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import {
  loadCheckpoint,
  readCheckpointPlace,
  saveCheckpoint,
  startingPlace,
} from '../../../../src-main/engine/training/checkpoint.ts';
import { loadModel, saveModel } from '../../../../src-main/engine/models/model-file.ts';
import type { Storage } from '../../../../src-main/core/files/storage.ts';
import { findRecipe } from '../../../../src-main/registries/recipes/index.ts';
import { memoryStorage, plainBackend } from '../../../fixtures/engine-parts.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

let files: Map<string, Uint8Array>;
let storage: Storage;
beforeEach(() => {
  files = new Map();
  storage = memoryStorage(files);
});

/** Lets the nth write fail, as a full disk or a kill would. */
function failingAt(write: number): Storage {
  let count = 0;
  return {
    ...storage,
    write: async (name, bytes) => {
      if (++count === write) throw new Error('killed');
      await storage.write(name, bytes);
    },
  };
}

const build = (seed: number) =>
  findRecipe('mnist').build(backend.tf, { inputShape: [18, 18, 1], classes: 3, seed });
const values = (model: tfjs.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);
const metadata = {
  classes: ['a', 'b', 'c'],
  preprocessing: '0-1' as const,
  imageSize: 18,
  channels: 1 as const,
  recipe: 'mnist',
  run: 'run-1',
  backbone: null,
  epochs: 2,
};

describe('a saved model', () => {
  it('comes back with its weights, its layers and what was recorded', async () => {
    const model = build(1);
    await saveModel(backend.tf, storage, 'model', model, metadata);
    const inner = { ...storage, read: (name: string) => storage.read(`model/${name}`) };
    const loaded = await loadModel(backend.tf, {
      storage: inner,
      name: 'model.json',
      path: 'x/model.json',
      known: knownBackbones,
    });
    expect(values(loaded.model)).toEqual(values(model));
    expect(loaded.model.layers.map(({ name }) => name)).toContain('max_pooling2d_1');
    expect(loaded.metadata).toMatchObject(metadata);
  });

  it('is in the layers format: topology, manifest with relative paths, Keras names', async () => {
    await saveModel(backend.tf, storage, 'model', build(1), metadata);
    const json = JSON.parse(new TextDecoder().decode(files.get('root/model/model.json'))) as {
      format: string;
      weightsManifest: { paths: string[]; weights: { name: string; shape: number[] }[] }[];
    };
    expect(json.format).toBe('layers-model');
    expect(json.weightsManifest[0].paths).toEqual(['weights.bin']);
    expect(json.weightsManifest[0].weights[0]).toMatchObject({ name: 'conv2d/kernel', shape: [3, 3, 1, 32] });
  });

  it.each([1, 2])('survives a crash at write %i of the next save, whole', async (write) => {
    const first = build(1);
    await saveModel(backend.tf, storage, 'model', first, metadata);
    const saving = saveModel(backend.tf, failingAt(write), 'model', build(2), metadata);
    await expect(saving).rejects.toThrow('killed');
    const inner = { ...storage, read: (name: string) => storage.read(`model/${name}`) };
    const loaded = await loadModel(backend.tf, {
      storage: inner,
      name: 'model.json',
      path: 'x/model.json',
      known: knownBackbones,
    });
    expect(values(loaded.model)).toEqual(values(first));
  });

  it('leaves no old weights lying about', async () => {
    for (const seed of [1, 2, 3]) await saveModel(backend.tf, storage, 'model', build(seed), metadata);
    expect(files.size).toBe(2);
  });
});

describe('a checkpoint', () => {
  const variables = (seed: number) => build(seed).weights.map((weight) => weight.read() as tfjs.Variable);
  const numbers = (all: tfjs.Variable[]) => all.map((variable) => [...variable.dataSync()]);
  const place = { ...startingPlace(), epoch: 2, step: 7, sums: [1.5, 3, 20] as [number, number, number] };

  it('brings back weights and place', async () => {
    const saved = variables(1);
    await saveCheckpoint(storage, saved, place);
    const other = variables(2);
    expect(numbers(other)).not.toEqual(numbers(saved));
    expect(await loadCheckpoint(backend.tf, storage, other, 'run-1')).toEqual(place);
    expect(numbers(other)).toEqual(numbers(saved));
    expect(files.size).toBe(2);
  });

  it.each([1, 2])('survives a crash at write %i of the next one, whole', async (write) => {
    const saved = variables(1);
    await saveCheckpoint(storage, saved, place);
    const later = saveCheckpoint(failingAt(write), variables(2), { ...place, epoch: 3 });
    await expect(later).rejects.toThrow('killed');
    const other = variables(3);
    expect(await loadCheckpoint(backend.tf, storage, other, 'run-1')).toMatchObject({ epoch: 2 });
    expect(numbers(other)).toEqual(numbers(saved));
  });

  it('that is missing or nonsense is told as such', async () => {
    expect(await readCheckpointPlace(storage)).toBeNull();
    const load = () => loadCheckpoint(backend.tf, storage, variables(1), 'run-1');
    await expect(load()).rejects.toMatchObject({ code: 'TRAINING_NOT_RESUMABLE' });
    files.set('root/checkpoint/state.json', new TextEncoder().encode('{"version":1'));
    await expect(load()).rejects.toMatchObject({ code: 'TRAINING_NOT_RESUMABLE' });
  });
});
