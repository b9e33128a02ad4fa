import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import { packRanges } from '../../../../src-main/contract/shared/id-ranges.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  quick,
  trainingCore,
} from '../../../fixtures/training-core.ts';

let here: TrainingCore;
let run: Run;
/** Pictures that are neither discs nor stripes: one colour, and noise. */
const others: string[] = [];

beforeAll(async () => {
  here = await trainingCore();
  const shapes = join(here.folder, 'shapes');
  // 15% of each class are 21 validation photos: 42 in all.
  await drawShapes(shapes, 140);
  await importInto(here, shapes);
  // Two have wrong labels: a network that is never wrong teaches no temperature.
  const discs = await here.client.datasets.listImages({ split: 'validation' });
  const [first, second] = (await here.client.datasets.summary()).classes;
  for (const { id, classId } of (await here.client.datasets.getImages({ ids: discs })).slice(0, 2)) {
    const other = classId === first.id ? second.id : first.id;
    await here.client.labels.apply({ kind: 'label', images: packRanges([id]), classId: other });
  }
  await here.client.training.start({ recipe: 'scratch', settings: { ...quick, epochs: 6 } });
  run = await here.untilStatus('done', 'failed', 'interrupted');
  for (let at = 0; at < 8; at++) {
    const path = join(here.folder, `other-${at}.png`);
    const noise = Buffer.from(Uint8Array.from({ length: 48 * 48 * 3 }, (_, i) => (i * (7919 + at)) % 251));
    await sharp(noise, { raw: { width: 48, height: 48, channels: 3 } }).toFile(path);
    others.push(path);
  }
}, 120_000);
afterAll(async () => {
  await here.close();
});

it('is fitted at the end of a training, to validation photos alone', async () => {
  expect(run.status).toBe('done');
  const fitted = (await here.client.training.calibration({ run: run.id }))!;
  expect(fitted.images).toBe(42);
  expect(fitted.temperature).toBeGreaterThan(0.05);
  expect(fitted.after!.loss).toBeLessThanOrEqual(fitted.before!.loss);
  expect(fitted.refusal!.kept).toBeGreaterThanOrEqual(0.95);
  expect(fitted.refusal!.classes).toHaveLength(2);
  expect(fitted.sets!.covered).toBeGreaterThanOrEqual(0.95);
  expect(fitted.reference).toMatchObject({ rows: 196 });
});

it('scales every probability that is said, and no loss', async () => {
  const { client } = here;
  const { temperature } = (await client.training.calibration({ run: run.id }))!;
  const measured = await client.training.evaluate({ run: run.id, split: 'validation' });
  expect(measured.temperature).toBe(temperature);
  // What training measured, without the temperature.
  expect(measured.loss).toBeCloseTo(run.history.at(-1)!.valLoss!, 4);
  expect(measured.reliability!.before.loss).toBeCloseTo(measured.loss, 5);
  expect(measured.calibrationError).toBe(measured.reliability!.after.calibrationError);

  const images = await client.datasets.listImages({ split: 'validation' });
  const answers = await client.training.predict({ run: run.id, images });
  const likelihoods = await Promise.all(
    (await client.datasets.getImages({ ids: images })).map(async ({ classId }, at) => {
      const { classes } = await client.datasets.summary();
      return -Math.log(answers[at].probabilities[classes.find(({ id }) => id === classId)!.name]);
    }),
  );
  const mean = likelihoods.reduce((sum, value) => sum + value, 0) / likelihoods.length;
  expect(mean).toBeCloseTo(measured.reliability!.after.loss, 3);
});

it('has curves of the photos that were measured, from the probabilities that are shown', async () => {
  const { client } = here;
  const asked = { run: run.id, split: 'validation' } as const;
  const images = await client.datasets.listImages({ split: 'validation' });
  const answers = await client.training.predict({ run: run.id, images });
  const { classes } = await client.datasets.summary();
  const truths = (await client.datasets.getImages({ ids: images })).map(
    ({ classId }) => classes.find(({ id }) => id === classId)!.name,
  );
  const overview = (await client.curves.overview(asked))!;
  expect(overview.images).toBe(42);
  expect(overview.reliability.after.bins.reduce((sum, { photos }) => sum + photos, 0)).toBe(42);
  for (const [index, { name, positives, rocArea }] of overview.classes.entries()) {
    const of = answers.filter((_, at) => truths[at] === name).map(({ probabilities }) => probabilities[name]);
    const others = answers
      .filter((_, at) => truths[at] !== name)
      .map(({ probabilities }) => probabilities[name]);
    expect(positives).toBe(of.length);
    // How often one of its photos is more probable than another.
    const wins = of.flatMap((own) => others.map((other) => (own > other ? 1 : own === other ? 0.5 : 0)));
    expect(rocArea).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / wins.length, 3);
    const curve = (await client.curves.class({ ...asked, class: index }))!;
    expect(curve.points.at(-1)).toMatchObject({ right: of.length, wrong: others.length });
    expect(curve.histogram.own.reduce((sum, photos) => sum + photos, 0)).toBe(of.length);
    // Everything is called the class from 0 on: nothing is missed, and all others are gained wrongly.
    const all = (await client.curves.threshold({ ...asked, class: index, threshold: 0, missCost: 5 }))!;
    expect(all.then).toMatchObject({ missed: 0, wrong: others.length, recall: 1, cost: others.length });
    expect(all.gained.right.total).toBe(all.now.missed);
    expect(all.now.cost).toBe(5 * all.now.missed + all.now.wrong);
    expect(all.cheapest.cost).toBeLessThanOrEqual(Math.min(all.now.cost, all.then.cost));
  }
  expect(await client.curves.overview({ run: run.id, split: 'train' })).toBeNull();
  expect(await codeOf(client.curves.class({ ...asked, class: 2 }))).toBe('MODEL_CLASS_UNKNOWN');
});

it('says "I don\'t know" of pictures unlike the training photos, and keeps its own', async () => {
  const { client, core, projectFolder } = here;
  const images = await client.datasets.listImages({ split: 'test' });
  const own = await client.training.predict({ run: run.id, images });
  expect(own.filter(({ unknown }) => unknown === false).length / own.length).toBeGreaterThan(0.75);
  expect(own[0].set).not.toBeNull();
  // From the folder of the run alone, as on the command line.
  const choice = { path: join(projectFolder, 'runs', run.id) };
  const found = [];
  for await (const one of core.training.models.predict(choice, others)) found.push(one);
  expect(found.map(({ error }) => error)).toEqual(others.map(() => null));
  expect(found.filter(({ unknown }) => unknown === 'distance').length).toBeGreaterThanOrEqual(6);
  expect(found[0].distance).toBeGreaterThan(own[0].distance!);
});

it('goes out with an export: it gives what the app says', async () => {
  const out = join(here.folder, 'export');
  const events = await here.client.exports.write({
    run: run.id,
    format: 'onnx',
    into: undefined,
    overwrite: false,
  });
  let folder = out;
  for await (const event of events) if (event.type === 'done') folder = event.out;
  const expected = JSON.parse(readFileSync(join(folder, 'golden', 'expected.json'), 'utf8')) as {
    image: string;
    probabilities: Record<string, number>;
  }[];
  const paths = expected.map(({ image }) => join(folder, 'golden', image));
  let at = 0;
  const choice = { path: join(here.projectFolder, 'runs', run.id) };
  for await (const { probabilities } of here.core.training.models.predict(choice, paths)) {
    for (const [name, wanted] of Object.entries(expected[at].probabilities))
      expect(probabilities[name]).toBeCloseTo(wanted, 4);
    at++;
  }
  expect(at).toBe(expected.length);
});

it('follows the share of right answers that is wanted', async () => {
  const lax = await here.client.training.calibrate({ run: run.id, keep: 0.8 });
  expect(lax.refusal!.keep).toBe(0.8);
  expect(lax.refusal!.kept).toBeGreaterThanOrEqual(0.8);
  const strict = await here.client.training.calibrate({ run: run.id });
  expect(strict.refusal!.kept).toBeGreaterThanOrEqual(lax.refusal!.kept);
});

it('is not used for a model that it was not fitted for, nor when it is damaged', async () => {
  const file = join(here.projectFolder, 'runs', run.id, 'model', 'calibration', 'calibration.json');
  const text = readFileSync(file, 'utf8');
  const record = JSON.parse(text) as { model: string };
  const [image] = await here.client.datasets.listImages({ split: 'test' });
  const ask = async () => (await here.client.training.predict({ run: run.id, images: [image] }))[0];
  for (const other of [JSON.stringify({ ...record, model: '1' }), text.slice(0, 40), '[]']) {
    writeFileSync(file, other);
    expect(await here.client.training.calibration({ run: run.id })).toBeNull();
    expect(await ask()).toMatchObject({ unknown: null, distance: null, set: null });
  }
  writeFileSync(file, text);
  expect((await ask()).unknown).not.toBeNull();
});

it('says why nothing is fitted with few validation photos, and keeps that too', async () => {
  const { client } = here;
  const ids = await client.datasets.listImages({ split: 'validation' });
  await client.labels.apply({ kind: 'exclude', images: packRanges(ids.slice(10)) });
  await client.training.start({ recipe: 'scratch', settings: { ...quick, epochs: 1 } });
  const small = await here.untilStatus('done', 'failed', 'interrupted');
  const fitted = (await client.training.calibration({ run: small.id }))!;
  expect(fitted).toMatchObject({ images: 10, temperature: null, whyNoTemperature: 'few-validation' });
  expect(fitted).toMatchObject({ refusal: null, whyNoRefusal: 'few-right', sets: null, reference: null });
  const [image] = await client.datasets.listImages({ split: 'test' });
  const [answer] = await client.training.predict({ run: small.id, images: [image] });
  expect(answer).toMatchObject({ unknown: null, set: null });
  expect(await codeOf(client.training.calibration({ run: 'run-000' }))).toBe('NOT_FOUND');
});
