import { knownBackbones } from '../../../../src-main/registries/backbones/index.ts';
import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { ModelCache, type OpenModel } from '../../../../src-main/engine/inference/model-cache.ts';
import { saveModel } from '../../../../src-main/engine/models/model-file.ts';
import { findRecipe } from '../../../../src-main/registries/recipes/index.ts';
import { memoryStorage, plainBackend } from '../../../fixtures/engine-parts.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

/** How often each model's weights were read. */
let loads: Record<string, number>;
let cache: ModelCache;
beforeEach(async () => {
  const files = new Map<string, Uint8Array>();
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
  for (const [seed, name] of ['one', 'two', 'three'].entries()) {
    const model = findRecipe('mnist').build(backend.tf, { inputShape: [18, 18, 1], classes: 3, seed });
    await saveModel(backend.tf, memoryStorage(files), name, model, metadata);
    model.dispose();
  }
  loads = {};
  cache = new ModelCache({
    backend,
    imagenetNames: [],
    files: {
      known: knownBackbones,
      at: (path) => {
        const storage = memoryStorage(files, `root/${path}`);
        const read = (name: string) => {
          if (name === 'weights.bin') loads[path] = (loads[path] ?? 0) + 1;
          return storage.read(name);
        };
        return { storage: { ...storage, read }, name: 'model.json', path, known: knownBackbones };
      },
    },
  });
});

const answer = ({ model }: OpenModel): number[] => [
  ...backend.tf.tidy(() => (model.predict(backend.tf.ones([1, 18, 18, 1])) as tfjs.Tensor).dataSync()),
];
const use = (path: string): Promise<number[]> => cache.use(path, undefined, answer);

describe('models that are kept', () => {
  it('stay whole while someone works with them, however many are opened meanwhile', async () => {
    const before = await use('one');
    const tensors = await cache.use('one', undefined, async (model) => {
      await use('two');
      await use('three');
      expect(answer(model)).toEqual(before);
      return backend.tf.memory().numTensors;
    });
    // Nobody works with it any more, and two others were used later.
    expect(backend.tf.memory().numTensors).toBeLessThan(tensors);
    expect(await use('one')).toEqual(before);
    expect(loads).toEqual({ one: 2, two: 1, three: 1 });
  });

  it('are loaded once by all who ask at the same time', async () => {
    const answers = await Promise.all([use('one'), use('one'), use('two'), use('one')]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).not.toEqual(answers[0]);
    expect(loads).toEqual({ one: 1, two: 1 });
  });

  it('do not go for one that is not there, which may come later', async () => {
    await use('one');
    await use('two');
    const missing = await Promise.allSettled([use('none'), use('none')]);
    for (const each of missing)
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'MODEL_NOT_FOUND' } });
    await use('one');
    await use('two');
    expect(loads).toMatchObject({ one: 1, two: 1 });
  });
});
