import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageFilter } from '../../../../src-main/contract/app/datasets.ts';
import { packRanges, unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  quick,
  trainingCore,
} from '../../../fixtures/training-core.ts';

const each = 40;
const losses = (run: Run) => run.history.map(({ epoch, loss, valLoss }) => [epoch, loss, valLoss]);

describe('a project of shapes', () => {
  let here: TrainingCore;
  let shapes: string;
  beforeAll(async () => {
    here = await trainingCore();
    shapes = join(here.folder, 'shapes');
    await drawShapes(shapes, each);
    await importInto(here, shapes);
  });
  afterAll(async () => {
    await here.close();
  });

  it('plans with reasons, counts and warnings before anything starts', async () => {
    const plan = await here.client.training.plan({});
    expect(plan.recipe).toBe('scratch');
    expect(plan.blocker).toBeNull();
    expect(plan.reasons.length).toBeGreaterThanOrEqual(2);
    expect(plan.counts.train).toEqual({ discs: 28, stripes: 28 });
    expect(plan.counts.test).toEqual({ discs: 6, stripes: 6 });
    expect(plan.settings).toMatchObject({ batchSize: 20, epochs: 30, stepsPerEpoch: 3, learningRate: 1e-4 });
    expect(plan.warnings.join(' ')).toContain('Few training images of “discs” (28)');
    const given = await here.client.training.plan({ settings: { batchSize: 7, stepsPerEpoch: 11, seed: 9 } });
    expect(given.settings).toMatchObject({ batchSize: 7, stepsPerEpoch: 11, seed: 9 });
    // What is recommended, and the layers of what would be trained, come with it.
    expect(given.baseline).toEqual(plan.settings);
    expect(given.summary).toEqual(await here.client.training.summary({ recipe: 'scratch' }));
    expect(given.summary!.params).toBe(3_453_121);
    const small = await here.client.training.plan({ recipe: 'scratch', settings: { imageSize: 20 } });
    expect(small).toMatchObject({ blocker: { code: 'MODEL_TOO_SMALL_INPUT' }, summary: null });
    expect(await codeOf(here.client.training.plan({ recipe: 'lasagne' }))).toBe('TRAINING_RECIPE_UNKNOWN');
  });

  it('says which epoch is kept by what is validated', async () => {
    const reasons = async (): Promise<string> =>
      (await here.client.training.plan({ recipe: 'augmented' })).reasons.join(' ');
    expect(await reasons()).toContain('The epoch with the lowest validation loss is kept.');
    const { ids } = await here.client.labels.list({});
    await here.client.labels.apply({ kind: 'split', images: packRanges(unpackIds(ids)), split: 'train' });
    expect(await reasons()).toContain('No photos are for validation, so all epochs are trained and the last');
    expect(await reasons()).not.toContain('lowest validation loss');
    await here.client.labels.undo();
  });

  it('plans a recipe as the lecture has it, and says what differs', async () => {
    const plan = await here.client.training.plan({
      recipe: 'augmented',
      settings: { lecture: true, epochs: 2 },
    });
    expect(plan.settings).toMatchObject({ lecture: true, schedule: 'constant', keepBest: false, epochs: 2 });
    expect([plan.settings.resize, plan.baseline.resize]).toEqual(['nearest', 'filter']);
    expect(plan.settings.learningRate).toBe(1e-4);
    expect(plan.baseline.learningRate).toBe(3e-4);
    expect(plan.reasons.filter((reason) => reason.startsWith('As in the lecture'))).toHaveLength(3);
  });

  it('gives the layer table of a recipe for the classes at hand', async () => {
    expect((await here.client.training.summary({ recipe: 'scratch' })).params).toBe(3_453_121);
    expect((await here.client.training.summary({ recipe: 'mnist', classes: 10 })).params).toBe(93_322);
  });

  let first: Run;
  it('trains, tells what happens, tests once at the end and keeps everything', async () => {
    const begun = await here.client.training.start({ settings: { ...quick, epochs: 20 } });
    expect(begun).toMatchObject({ status: 'preparing', trainableWeights: 12, classes: ['discs', 'stripes'] });
    expect(begun.params).toBeGreaterThan(100_000);
    expect(await codeOf(here.client.training.start({ settings: quick }))).toBe('TRAINING_ALREADY_RUNNING');
    expect(await codeOf(here.client.training.removeRun({ run: begun.id }))).toBe('TRAINING_ALREADY_RUNNING');
    first = await here.untilStatus('done', 'failed', 'interrupted');
    expect(first.error).toBeNull();
    expect(first.status).toBe('done');
    expect(first.history.map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect(first.test!.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(first.seconds).toBeGreaterThan(0);
    expect(first.computing).toEqual({ mode: 'graph', whyEager: null, precision: 'float32' });

    const seen = here.told.flatMap((event) => (event.type === 'run' ? [event.run] : []));
    const statuses = [...new Set(seen.map(({ status }) => status))];
    expect(statuses).toEqual(['preparing', 'training', 'evaluating', 'done']);
    const moving = seen.filter(({ progress }) => progress?.phase === 'training');
    expect(moving.length).toBeGreaterThan(1);
    expect(moving.at(-1)!.progress!.imagesPerSecond).toBeGreaterThan(1);

    const record = JSON.parse(
      readFileSync(join(here.projectFolder, 'runs', first.id, 'run.json'), 'utf8'),
    ) as Record<string, unknown>;
    expect(record).toMatchObject({
      id: first.id,
      recipe: 'scratch',
      classes: ['discs', 'stripes'],
      seed: 1,
      dataHash: first.dataHash,
      counts: { train: { discs: 28, stripes: 28 } },
      lenslet: '0.0.0',
    });
    expect(first.dataHash).toMatch(/^[0-9a-f]{64}$/);
    expect(existsSync(join(here.projectFolder, 'runs', first.id, 'model', 'model.json'))).toBe(true);
  });

  it('what a test said of each photo can be asked for: right, wrong, how sure', async () => {
    const { client } = here;
    const test = await client.datasets.listImages({ split: 'test' });
    const said = async (filter: ImageFilter): Promise<number[]> => [
      ...unpackIds((await client.labels.list({ filter, sort: { by: 'confidence', descending: true } })).ids),
    ];
    const right = await said({ split: 'test', prediction: 'right' });
    const wrong = await said({ split: 'test', prediction: 'wrong' });
    expect([...right, ...wrong].sort((a, b) => a - b)).toEqual([...test].sort((a, b) => a - b));
    expect(right.length / test.length).toBeCloseTo(first.test!.accuracy, 6);
    expect(await said({ split: 'train', prediction: 'none' })).toHaveLength(2 * 28);

    // The same class and the same probability as predicting each photo says.
    const answers = await client.training.predict({ run: first.id, images: right });
    const rows = await client.datasets.getImages({ ids: right });
    const kept = rows.map(({ prediction }) => prediction!.probability);
    expect(kept).toEqual([...kept].sort((a, b) => b - a));
    for (const [at, { probabilities, label }] of answers.entries()) {
      expect(kept[at]).toBeCloseTo(probabilities[label!], 4);
    }
  });

  it('counts how often the test images have been used', async () => {
    const [kept] = await here.client.training.evaluations({ run: first.id });
    expect(kept).toMatchObject({ split: 'test', uses: 1, images: 12 });
    const again = await here.client.training.evaluate({ run: first.id, split: 'test' });
    expect(again.uses).toBe(2);
    expect({ ...again, uses: 1 }).toEqual(kept);
    expect(again.accuracy).toBe(first.test!.accuracy);
    const matrix = again.confusionMatrix.flat().reduce((sum, count) => sum + count, 0);
    expect(matrix).toBe(12);
    expect(again.classes.map(({ name, support }) => [name, support])).toEqual([
      ['discs', 6],
      ['stripes', 6],
    ]);
    const validation = await here.client.training.evaluate({ run: first.id, split: 'validation' });
    expect(validation).toMatchObject({ uses: 1, images: 12 });
    expect(validation.loss).toBeCloseTo(first.history.at(-1)!.valLoss!, 4);
  });

  it('gives the same history and the same data hash from the same seed', async () => {
    await here.client.training.start({ settings: { ...quick, epochs: 20 } });
    const second = await here.untilStatus('done', 'failed', 'interrupted');
    expect(losses(second)).toEqual(losses(first));
    expect(second.dataHash).toBe(first.dataHash);
    expect(second.test).toEqual(first.test);
    await here.client.training.removeRun({ run: second.id });
    expect(existsSync(join(here.projectFolder, 'runs', second.id))).toBe(false);
    expect((await here.client.training.runs()).map(({ id }) => id)).toEqual([first.id]);
    expect(await codeOf(here.client.training.run({ run: second.id }))).toBe('NOT_FOUND');
  });

  it('predicts images of the project and dropped files, each with a picture to show', async () => {
    const [image] = await here.client.datasets.listImages({ split: 'test' });
    const { id: upload } = await here.client.datasets.beginUpload({ name: 'new' });
    const put = async (path: string, content: Buffer): Promise<void> => {
      const request = new Request(`http://localhost/upload/${upload}?path=${encodeURIComponent(path)}`, {
        method: 'PUT',
        body: new Uint8Array(content),
      });
      expect((await here.core.media(request)).status).toBe(204);
    };
    await drawShapes(join(here.folder, 'unseen'), 2, 99);
    await put('a.jpg', readFileSync(join(here.folder, 'unseen', 'discs', 'discs 1.jpg')));
    await put('b.jpg', Buffer.from('<html>not a picture</html>'));
    await put('c.jpg', readFileSync(join(here.folder, 'unseen', 'stripes', 'stripes 1.jpg')));
    const pick = here.core.context.pickedPaths.add(join(here.folder, 'unseen', 'stripes', 'stripes 0.jpg'));
    const answers = await here.client.training.predict({
      run: first.id,
      images: [image],
      uploads: [upload],
      picks: [pick],
    });
    expect(answers.map(({ image: name }) => name.replace(/.*\//, ''))).toEqual([
      expect.stringMatching(/\.jpg$/),
      'a.jpg',
      'b.jpg',
      'c.jpg',
      'stripes 0.jpg',
    ]);
    const [known, disc, broken, stripes, picked] = answers;
    expect([disc.label, stripes.label, picked.label]).toEqual(['discs', 'stripes', 'stripes']);
    expect(known.probabilities.discs + known.probabilities.stripes).toBeCloseTo(1, 5);
    // Its address would show nothing either.
    expect(broken).toMatchObject({ label: null, preview: null, error: { code: 'IMAGE_NOT_AN_IMAGE' } });
    for (const { preview } of [known, disc, picked]) {
      const shown = await here.core.media(new Request(`http://localhost/${preview}`));
      expect(shown.headers.get('content-type')).toBe('image/jpeg');
    }
  });

  it('predicts a picked folder in portions, and says how far it is', async () => {
    await drawShapes(join(here.folder, 'many'), 36, 7);
    const picks = [here.core.context.pickedPaths.add(join(here.folder, 'many'))];
    const portions = [];
    for await (const portion of await here.client.training.predictPortions({ run: first.id, picks }))
      portions.push(portion);
    expect(portions.map(({ done, total }) => [done, total])).toEqual([
      [0, 72],
      [64, 72],
      [72, 72],
    ]);
    const all = portions.flatMap(({ predictions }) => predictions);
    expect(all).toHaveLength(72);
    const shown = await here.core.media(new Request(`http://localhost/${all[71].preview}`));
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    // The page knows ids, which nobody can guess, and no other path can be named.
    const other = all[71].preview!.replace(/pick\/.*/, 'pick/..%2f..%2fetc%2fpasswd');
    expect((await here.core.media(new Request(`http://localhost/${other}`))).status).toBe(404);
  });

  it('predicts the others when a photo is gone', async () => {
    const ids = await here.client.datasets.listImages({ split: 'test' });
    const [gone] = findImages(here.core.projects.get().database, [ids[2]]);
    const path = join(gone.sourceRoot, gone.path);
    renameSync(path, `${path}.away`);
    rmSync(here.core.projects.get().cacheFolder, { recursive: true });
    const answers = await here.client.training.predict({ run: first.id, images: ids });
    renameSync(`${path}.away`, path);
    expect(answers.map(({ error }) => error?.code ?? null)).toEqual(
      ids.map((id) => (id === gone.id ? 'IMAGE_MISSING' : null)),
    );
    expect(answers[2].image).toBe(gone.path);
  });

  it('pauses, resumes and stops, keeping the model', async () => {
    const { id: run } = await here.client.training.start({ settings: { ...quick, epochs: 400 } });
    expect(await codeOf(here.client.training.predict({ run, images: [1] }))).toBe('TRAINING_NO_MODEL');
    await here.until(({ history }) => history.length >= 1);
    expect(await here.client.training.pause({ run })).toMatchObject({ status: 'paused', resumable: true });
    const held = (await here.client.training.run({ run })).history.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await here.client.training.run({ run })).history).toHaveLength(held);
    expect(await here.client.training.resume({ run })).toMatchObject({ status: 'training' });
    await here.until(({ history }) => history.length > held);
    // Predictions do not wait for the end.
    expect(await here.client.training.predict({ run, images: [1, 2] })).toHaveLength(2);
    expect(await here.client.training.run({ run })).toMatchObject({ status: 'training' });
    const stopped = await here.client.training.stop({ run });
    expect(stopped).toMatchObject({ status: 'stopped', test: null, error: null });
    expect(stopped.history.length).toBeLessThan(400);
    expect((await here.client.training.evaluate({ run, split: 'test' })).uses).toBe(1);
    expect(await codeOf(here.client.training.pause({ run }))).toBe('TRAINING_NOT_RUNNING');
    const renamed = await here.client.training.renameRun({ run, name: 'Mine' });
    expect(renamed.name).toBe('Mine');
  });

  it('answers other requests while it trains', async () => {
    const { id: run } = await here.client.training.start({ settings: { ...quick, epochs: 400 } });
    await here.untilStatus('training');
    for (const ask of [
      () => here.client.training.runs(),
      () => here.client.datasets.listImages({}),
      () => here.client.training.plan({}),
    ])
      await ask();
    // Answered beside the training, not after it. How fast is measured by the benchmarks.
    expect(here.core.training.activeRun()).not.toBeNull();
    await here.client.training.stop({ run });
  });
});

describe('runs that end unexpectedly', () => {
  it('a killed engine leaves an interrupted run that resumes as if nothing had happened', async () => {
    const here = await trainingCore();
    try {
      await drawShapes(join(here.folder, 'shapes'), each);
      await importInto(here, join(here.folder, 'shapes'));
      const settings = { ...quick, epochs: 5, stepsPerEpoch: 12 };
      await here.client.training.start({ settings });
      const whole = await here.untilStatus('done');

      const { id: run } = await here.client.training.start({ settings });
      await here.until(({ id, history }) => id === run && history.length === 2);
      process.kill(here.children.at(-1)!.pid!, 'SIGKILL');
      const interrupted = await here.untilStatus('interrupted');
      expect(interrupted).toMatchObject({ id: run, resumable: true, error: { code: 'BACKEND_CRASHED' } });
      expect(interrupted.error!.message).toContain('SIGKILL');
      // The engine was killed while it wrote.
      const unfinished = join(here.projectFolder, 'runs', run, 'checkpoint', 'state.json.4af7af5c.tmp');
      writeFileSync(unfinished, '{');

      // Who hears that it has ended need not wait before resuming it.
      await here.client.training.resume({ run });
      expect(existsSync(unfinished)).toBe(false);
      const done = await here.untilStatus('done', 'failed');
      expect(done).toMatchObject({ id: run, error: null });
      expect(losses(done)).toEqual(losses(whole));
      expect(done.test).toEqual(whole.test);
      expect(await codeOf(here.client.training.resume({ run }))).toBe('TRAINING_NOT_RESUMABLE');
    } finally {
      await here.close();
    }
  });

  it('closing in the middle leaves a run that another session goes on with', async () => {
    const before = await trainingCore();
    await drawShapes(join(before.folder, 'shapes'), each);
    await importInto(before, join(before.folder, 'shapes'));
    const settings = { ...quick, epochs: 4, stepsPerEpoch: 12 };
    await before.client.training.start({ settings });
    const whole = await before.untilStatus('done');
    const { id: run } = await before.client.training.start({ settings });
    await before.until(({ id, history }) => id === run && history.length === 1);
    await before.close({ remove: false });

    const after = await trainingCore(before.folder);
    try {
      await after.core.projects.openFolder(after.projectFolder);
      expect(await after.client.training.run({ run })).toMatchObject({
        status: 'interrupted',
        resumable: true,
      });
      await after.client.training.resume({ run });
      const done = await after.untilStatus('done', 'failed');
      expect(losses(done)).toEqual(losses(whole));
      expect(await after.client.training.runs()).toHaveLength(2);
    } finally {
      await after.close();
    }
  });
});

describe('photos that are out of reach for a while', () => {
  let here: TrainingCore;
  let shapes: string;
  const settings = { ...quick, epochs: 3, stepsPerEpoch: 12 };
  /** Closes the project and opens it again without its cache, the photos put elsewhere. */
  const reopen = async (from: string, to: string): Promise<void> => {
    await here.close({ remove: false });
    rmSync(join(here.projectFolder, 'cache'), { recursive: true, force: true });
    renameSync(from, to);
    here = await trainingCore(here.folder);
    await here.core.projects.openFolder(here.projectFolder);
  };
  beforeAll(async () => {
    here = await trainingCore();
    shapes = join(here.folder, 'shapes');
    await drawShapes(shapes, each);
    await importInto(here, shapes);
  });
  afterAll(async () => {
    await here.close();
  });

  it('leave an interrupted run resumable, and a finished one finished', async () => {
    const over = here.untilStatus('done');
    const { id: finished } = await here.client.training.start({ settings });
    const whole = await over;
    const { id: interrupted } = await here.client.training.start({ settings });
    await here.until(({ id, history }) => id === interrupted && history.length === 1);
    await reopen(shapes, `${shapes} elsewhere`);

    const failed = here.untilStatus('failed', 'done', 'interrupted');
    await here.client.training.resume({ run: interrupted });
    expect(await failed).toMatchObject({
      status: 'failed',
      error: { code: 'DATASET_TILES_MISSING' },
      resumable: true,
    });
    const ended = here.until(({ id, error }) => id === finished && error !== null);
    await here.client.training.extend({ run: finished, epochs: 2 });
    expect(await ended).toMatchObject({ status: 'done', settings: { epochs: 3 }, test: whole.test });

    await reopen(`${shapes} elsewhere`, shapes);
    const done = here.untilStatus('done', 'failed');
    await here.client.training.resume({ run: interrupted });
    expect(losses(await done)).toEqual(losses(whole));
    const longer = here.until(
      ({ id, status, history }) => id === finished && status === 'done' && history.length > 3,
    );
    await here.client.training.extend({ run: finished, epochs: 2 });
    expect(await longer).toMatchObject({ error: null, history: { length: 5 } });
  });

  it('a renamed class is tested as the same class', async () => {
    const [run] = await here.client.training.runs();
    const before = await here.client.training.evaluate({ run: run.id, split: 'test' });
    const { classes } = await here.client.datasets.summary();
    const discs = classes.find(({ name }) => name === 'discs')!.id;
    await here.client.labels.apply({ kind: 'class-rename', classId: discs, name: 'rounds' });
    const { images, confusionMatrix } = await here.client.training.evaluate({ run: run.id, split: 'test' });
    expect({ images, confusionMatrix }).toEqual({
      images: before.images,
      confusionMatrix: before.confusionMatrix,
    });
    await here.client.labels.undo();
  });
});

describe('what the data ask for', () => {
  it('small grey pictures get the digits network, three classes a softmax', async () => {
    const here = await trainingCore();
    try {
      const draw = async (name: string, index: number, at: number): Promise<void> => {
        const pixels = Buffer.from(
          createHash('sha512')
            .update(`${name}${index}`)
            .digest()
            .subarray(0, 49)
            .map((byte) => byte % 60),
        );
        const noise = await sharp(pixels, { raw: { width: 7, height: 7, channels: 1 } })
          .resize(28, 28)
          .toColourspace('b-w')
          .raw()
          .toBuffer({ resolveWithObject: true });
        for (let i = 0; i < 28 * 8; i++) noise.data[(at * 9 * 28 + i) * noise.info.channels] += 150;
        const folder = join(here.folder, 'bars', name);
        mkdirSync(folder, { recursive: true });
        const { width, height, channels } = noise.info;
        await sharp(noise.data, { raw: { width, height, channels } })
          .png()
          .toFile(join(folder, `${index}.png`));
      };
      for (const [at, name] of ['top', 'middle', 'bottom'].entries()) {
        for (let index = 0; index < 30; index++) await draw(name, index, at);
      }
      await importInto(here, join(here.folder, 'bars'));
      const plan = await here.client.training.plan({});
      expect(plan).toMatchObject({ recipe: 'mnist', settings: { imageSize: 28 } });
      await here.client.training.start({ settings: { epochs: 8, batchSize: 16 } });
      const run = await here.untilStatus('done', 'failed', 'interrupted');
      expect(run.test!.accuracy).toBeGreaterThan(0.8);
      expect(run.classes).toEqual(['bottom', 'middle', 'top']);
      const summary = await here.client.training.summary({ run: run.id });
      expect(summary.layers.at(-1)!.outputShape).toEqual([null, 3]);
    } finally {
      await here.close();
    }
  });

  it('says what is missing: everything, a second class, training images', async () => {
    const here = await trainingCore();
    try {
      await here.core.projects.openFolder(here.projectFolder, { name: 'Test' });
      expect((await here.client.training.plan({})).blocker).toMatchObject({ code: 'DATASET_EMPTY' });
      expect(await codeOf(here.client.training.start({}))).toBe('DATASET_EMPTY');
      await drawShapes(join(here.folder, 'source', 'train'), 4);
      await drawShapes(join(here.folder, 'more'), 4, 5);
      mkdirSync(join(here.folder, 'source', 'test', 'crosses'), { recursive: true });
      writeFileSync(
        join(here.folder, 'source', 'test', 'crosses', 'a.jpg'),
        readFileSync(join(here.folder, 'more', 'discs', 'discs 0.jpg')),
      );
      await importInto(here, join(here.folder, 'source'));
      const { blocker } = await here.client.training.plan({});
      expect(blocker).toMatchObject({ code: 'DATASET_CLASS_WITHOUT_TRAINING', params: { name: 'crosses' } });
    } finally {
      await here.close();
    }
  });
});
