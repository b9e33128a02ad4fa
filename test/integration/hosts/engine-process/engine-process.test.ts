import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRecipe } from '../../../../src-main/registries/recipes/index.ts';
import { runSettings } from '../../../../src-main/registries/recipes/run-settings.ts';
import type { TrainEvent } from '../../../../src-main/contract/engine/engine.ts';
import { unpackIntegers } from '../../../../src-main/core/statistics/packed-integers.ts';
import { EngineDied } from '../../../../src-main/services/base/engine-exit.ts';
import { makeTiles } from '../../../fixtures/engine-parts.ts';
import {
  type TestEngine,
  greyTiles,
  historyOf,
  killEngine,
  testEngine,
  trainAll,
  trainRequest,
} from '../../../fixtures/engine-process.ts';

let engine: TestEngine;
beforeAll(() => {
  engine = testEngine();
});
afterAll(async () => {
  await engine.close();
});

const lastEpoch = (told: readonly TrainEvent[]) => historyOf(told).at(-1)!;

describe('training in the engine process', () => {
  it.each([2, 3])(
    'learns to tell %i classes apart, saves the model and tells its progress',
    async (classes) => {
      const request = trainRequest(engine, greyTiles(classes), { epochs: 4 }, `learns-${classes}`);
      const told = await trainAll(engine, request);
      expect(told.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['stage', 'progress', 'checkpoint', 'epoch', 'done']),
      );
      expect(told[0]).toMatchObject({ type: 'stage', name: 'training', summary: { trainableWeights: 10 } });
      expect(told.at(-1)).toMatchObject({ type: 'done', outcome: 'done' });
      expect(historyOf(told)).toHaveLength(4);
      expect(lastEpoch(told).valAccuracy).toBeGreaterThan(0.95);
      expect(lastEpoch(told).loss).toBeLessThan(historyOf(told)[0].loss);
      expect(existsSync(join(request.folder, 'model', 'model.json'))).toBe(true);
    },
  );

  it('learns from colour pictures with the network for photos', async () => {
    const tiles = makeTiles({ images: 40, classes: 2, size: 40, channels: 3 });
    const base = trainRequest(engine, tiles, { epochs: 1, batchSize: 10, learningRate: 1e-3 }, 'colour');
    // The photo network wants more room than this.
    const small = trainAll(engine, { ...base, recipe: 'scratch' });
    await expect(small).rejects.toMatchObject({ code: 'MODEL_TOO_SMALL_INPUT' });
    const large = makeTiles({ images: 80, classes: 2, size: 64, channels: 3 });
    const request = trainRequest(engine, large, { epochs: 8, batchSize: 10, learningRate: 1e-3 }, 'colour-2');
    const told = await trainAll(engine, { ...request, recipe: 'scratch' });
    expect(lastEpoch(told).accuracy).toBeGreaterThan(0.9);
  });

  it('gives the same history from the same seed, another from another', async () => {
    const train = (name: string, seed: number) =>
      trainAll(engine, trainRequest(engine, greyTiles(3), { epochs: 3, seed }, name)).then(historyOf);
    const first = await train('seed-a', 4);
    expect(await train('seed-b', 4)).toEqual(first);
    expect(await train('seed-c', 5)).not.toEqual(first);
  });

  it('keeps the number of tensors and goes through more data than there is', async () => {
    // 150 training images are ten batches; 25 steps an epoch go on into the next passes.
    const request = trainRequest(engine, greyTiles(2), { epochs: 4, stepsPerEpoch: 25 }, 'tensors');
    const told = await trainAll(engine, request);
    const tensors = told.flatMap((event) => (event.type === 'epoch' ? [event.memory.tensors] : []));
    expect(tensors).toHaveLength(4);
    expect(new Set(tensors).size).toBe(1);
  });

  it('leaves no tensor behind when it is done', async () => {
    const request = trainRequest(engine, greyTiles(2), { epochs: 1 }, 'left');
    const before = await trainAll(engine, { ...request, run: 'left-1' });
    const after = await trainAll(engine, { ...request, run: 'left-2' });
    const tensors = (told: TrainEvent[]) =>
      told.flatMap((event) => (event.type === 'epoch' ? [event.memory.tensors] : []));
    expect(tensors(after)).toEqual(tensors(before));
  });
});

describe('pausing and ending', () => {
  const settings = { epochs: 4, stepsPerEpoch: 40 };
  let uninterrupted: ReturnType<typeof historyOf>;
  beforeAll(async () => {
    uninterrupted = historyOf(await trainAll(engine, trainRequest(engine, greyTiles(3), settings, 'whole')));
  });

  it('a paused and resumed run has the history of one that was never paused', async () => {
    const request = trainRequest(engine, greyTiles(3), settings, 'paused');
    const { run } = request;
    let paused = false;
    const told = await trainAll(engine, request, async (event) => {
      if (event.type === 'epoch' && !paused) {
        paused = true;
        await engine.client.use((process) => process.pause({ run }));
      }
      if (event.type === 'paused') {
        // Nothing happens while it waits.
        await new Promise((resolve) => setTimeout(resolve, 300));
        await engine.client.use((process) => process.resume({ run }));
      }
    });
    expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining(['paused', 'resumed']));
    expect(historyOf(told)).toEqual(uninterrupted);
  });

  it('stopping keeps the model as it is', async () => {
    const request = trainRequest(engine, greyTiles(3), { ...settings, epochs: 500 }, 'stopped');
    const told = await trainAll(engine, request, async (event) => {
      if (event.type === 'epoch' && event.epoch.epoch === 2) {
        await engine.client.use((process) => process.stop({ run: request.run }));
      }
    });
    expect(told.at(-1)).toMatchObject({ outcome: 'stopped' });
    expect(historyOf(told).length).toBeLessThan(20);
    const model = join(request.folder, 'model', 'model.json');
    const description = await engine.client.ask((process) => process.describeModel({ model }));
    expect(description).toMatchObject({
      classes: request.classes,
      imageSize: 28,
      channels: 1,
      preprocessing: '0-1',
    });
    expect(description.assumed).toEqual([]);
  });

  it.each(['an interrupted', 'a killed'])(
    '%s run resumes with the history of an uninterrupted one',
    async (how) => {
      const request = trainRequest(
        engine,
        greyTiles(3),
        settings,
        how === 'a killed' ? 'killed' : 'interrupted',
      );
      const { run } = request;
      const beginning = trainAll(engine, request, async (event) => {
        // In the middle of the third epoch.
        if (event.type !== 'epoch' || event.epoch.epoch !== 2) return;
        if (how === 'a killed') process.kill(engine.children.at(-1)!.pid!, 'SIGKILL');
        else await engine.client.use((remote) => remote.interrupt({ run })).catch(() => undefined);
      });
      if (how === 'a killed') {
        const death = await beginning.catch((error: unknown) => error);
        expect(death).toBeInstanceOf(EngineDied);
        expect((death as EngineDied).toAppError()).toMatchObject({
          code: 'BACKEND_CRASHED',
          params: { reason: 'it was killed from outside (SIGKILL)' },
        });
      } else {
        expect((await beginning).at(-1)).toMatchObject({ type: 'done', outcome: 'interrupted' });
      }
      const told = await trainAll(engine, { ...request, resume: true });
      expect(told[0].type === 'stage' && told[0].history.map(({ epoch }) => epoch)).toEqual([1, 2]);
      expect(historyOf(told)).toEqual(uninterrupted);
    },
  );

  it('a cancelled stream ends the run in the engine', async () => {
    const request = trainRequest(engine, greyTiles(3), { ...settings, epochs: 500 }, 'cancelled');
    const cancel = new AbortController();
    const training = engine.client.use(async (process) => {
      for await (const event of await process.train(request, { signal: cancel.signal })) {
        if (event.type === 'epoch') cancel.abort();
      }
    }, cancel.signal);
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    // The next one waits until this one has left its checkpoint, instead of being refused.
    const told = await trainAll(engine, trainRequest(engine, greyTiles(2), { epochs: 1 }, 'after-cancel'));
    expect(told.at(-1)).toMatchObject({ outcome: 'done' });
    expect(existsSync(join(request.folder, 'checkpoint', 'state.json'))).toBe(true);
  });

  it('a run that diverges says so and in which epoch', async () => {
    const request = trainRequest(
      engine,
      greyTiles(2),
      { epochs: 50, learningRate: 10, optimizer: 'sgd' },
      'diverges',
    );
    await expect(trainAll(engine, request)).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
  });

  it('a damaged checkpoint is refused', async () => {
    const request = trainRequest(engine, greyTiles(2), { epochs: 1 }, 'damaged');
    await trainAll(engine, request);
    const folder = join(request.folder, 'checkpoint');
    const tensors = readdirSync(folder).filter((name) => name.endsWith('.bin'));
    expect(tensors).toHaveLength(1);
    const path = join(folder, tensors[0]);
    writeFileSync(path, readFileSync(path).subarray(0, 1000));
    await expect(trainAll(engine, { ...request, resume: true })).rejects.toMatchObject({
      code: 'TRAINING_NOT_RESUMABLE',
    });
  });
});

describe('using a model', () => {
  it('measures and predicts alike, before and after the engine was started again', async () => {
    const tiles = greyTiles(3, 90);
    const request = trainRequest(engine, tiles, { epochs: 4 }, 'used');
    const told = await trainAll(engine, request);
    const model = join(request.folder, 'model', 'model.json');
    const images = request.validation!;
    const slots = [...unpackIntegers(images.slots)];
    const labels = unpackIntegers(images.labels);
    const measure = () =>
      engine.client.ask(async (process) => {
        for await (const event of await process.evaluate({
          model,
          tiles: request.tiles,
          images,
        })) {
          if (event.type === 'done') return event.measurement;
        }
        throw new Error('no measurement');
      });
    const predict = () =>
      engine.client.ask((process) => process.predict({ model, tiles: request.tiles, slots }));
    const [measurement, { probabilities }] = [await measure(), await predict()];

    expect(measurement.images).toBe(slots.length);
    expect(measurement.accuracy).toBeCloseTo(lastEpoch(told).valAccuracy!, 6);
    expect(measurement.loss).toBeCloseTo(lastEpoch(told).valLoss!, 4);
    const sum = measurement.confusionMatrix.flat().reduce((total, count) => total + count, 0);
    expect(sum).toBe(slots.length);
    for (const row of probabilities) expect(row.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 4);
    const right = probabilities.filter(
      (row, index) => row.indexOf(Math.max(...row)) === labels[index],
    ).length;
    expect(right / slots.length).toBeCloseTo(measurement.accuracy, 6);

    await killEngine(engine);
    expect((await predict()).probabilities).toEqual(probabilities);
    // One alone goes another way through the engine than many.
    const single = await engine.client.ask((process) =>
      process.predict({ model, tiles: request.tiles, slots: slots.slice(0, 1) }),
    );
    single.probabilities[0].forEach((value, index) => expect(value).toBeCloseTo(probabilities[0][index], 4));
  });

  it('predicts while a run trains, without waiting for its end', async () => {
    const trained = trainRequest(engine, greyTiles(2), { epochs: 1 }, 'idle');
    await trainAll(engine, trained);
    const model = join(trained.folder, 'model', 'model.json');
    const request = trainRequest(engine, greyTiles(2), { epochs: 500 }, 'busy');
    let answers = 0;
    const told = await trainAll(engine, request, async (event) => {
      if (event.type !== 'epoch') return;
      await engine.client.ask((process) =>
        process.predict({ model, tiles: request.tiles, slots: [0, 1, 2] }),
      );
      answers++;
      if (answers === 3) await engine.client.use((process) => process.stop({ run: request.run }));
    });
    expect(told.at(-1)).toMatchObject({ outcome: 'stopped' });
    expect(historyOf(told).length).toBeLessThan(500);
  });

  it('says what is wrong with a file that is no model', async () => {
    const describeFile = (name: string, content: string) => {
      const model = join(engine.folder, name);
      writeFileSync(model, content);
      return engine.client.ask((process) => process.describeModel({ model }));
    };
    await expect(describeFile('a.json', 'nonsense')).rejects.toMatchObject({ code: 'MODEL_FILE_INVALID' });
    await expect(describeFile('b.json', '{}')).rejects.toMatchObject({ code: 'MODEL_FILE_INVALID' });
    await expect(describeFile('c.h5', 'x')).rejects.toMatchObject({ code: 'MODEL_FILE_INVALID' });
    const layers = [
      { class_name: 'Dense', config: { name: 'dense', units: 1, batch_input_shape: [null, 4] } },
    ];
    const weightless = {
      modelTopology: { class_name: 'Sequential', config: { name: 'outside', layers } },
      weightsManifest: [{ paths: ['../../etc/passwd'], weights: [] }],
    };
    await expect(describeFile('d.json', JSON.stringify(weightless))).rejects.toThrow(/refers to/);
    const missing = engine.client.ask((process) =>
      process.describeModel({ model: join(engine.folder, 'no.json') }),
    );
    await expect(missing).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('the engine process itself', () => {
  it('a request that meets it dying fails instead of waiting for ever', async () => {
    await engine.client.describe();
    process.kill(engine.children.at(-1)!.pid!, 'SIGKILL');
    const late: Promise<unknown>[] = [];
    for (let attempt = 0; attempt < 20; attempt++) {
      const asking = engine.client.ask((remote) =>
        remote.summary({ recipe: 'mnist', classes: 2, settings: runSettings(findRecipe('mnist'), {}, 1) }),
      );
      late.push(asking.catch((error: unknown) => error));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const answer of await Promise.all(late)) {
      const { params, code } = answer as { params?: unknown; code?: string };
      expect(code === undefined ? typeof params : code).toMatch(/^(number|BACKEND_CRASHED)$/);
    }
  });

  it('describes itself and is ready again after it was killed', async () => {
    const first = await engine.client.describe();
    expect(first.engine).toMatch(/tensorflow|cpu/);
    await killEngine(engine);
    const second = await engine.client.describe();
    expect(second.pid).not.toBe(first.pid);
    expect(engine.client.status().state).toBe('ready');
  });
});
