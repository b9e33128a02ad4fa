import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packRanges, unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import { samplePictures } from '../../../../src-main/datasets/samples/sample-scenes.ts';
import { writeFiles } from '../../../fixtures/photos/photos.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  quick,
  trainingCore,
} from '../../../fixtures/training-core.ts';

let core: TrainingCore;
beforeEach(async () => {
  core = await trainingCore();
});
afterEach(() => core.close());

/** Scenes, each saved twice: once to be taught and once to be asked. */
async function importTwice(): Promise<{ first: number[]; second: number[] }> {
  const files: Record<string, Buffer> = {};
  for (const picture of samplePictures(31, 16)) {
    const bytes = await picture.draw();
    files[picture.path] = bytes;
    files[picture.path.replace(/(\.\w+)$/, ' again$1')] = await sharp(bytes).jpeg({ quality: 70 }).toBuffer();
  }
  const photos = join(core.folder, 'photos');
  await writeFiles(photos, files);
  await importInto(core, photos);
  const ids = [...unpackIds((await core.client.labels.list({})).ids)];
  const images = await core.client.datasets.getImages({ ids });
  const isSecond = (path: string): boolean => path.includes(' again');
  return {
    first: images.filter(({ path }) => !isSecond(path)).map(({ id }) => id),
    second: images.filter(({ path }) => isSecond(path)).map(({ id }) => id),
  };
}

const split = (ids: number[], to: 'train' | 'validation' | 'test') =>
  core.client.labels.apply({ kind: 'split', images: packRanges(ids), split: to });
async function train(seed = 1): Promise<Run> {
  const done = core.untilStatus('done', 'failed');
  await core.client.training.start({ recipe: 'scratch', settings: { ...quick, epochs: 2, seed } });
  const run = await done;
  await new Promise((resolve) => setTimeout(resolve, 300));
  return run;
}

test('accuracy before and after a leak was mended, and after photos were left out', async () => {
  const { first, second } = await importTwice();
  await split(first.slice(4), 'train');
  await split(first.slice(0, 4), 'validation');
  await split(second, 'test');
  const { client } = core;
  const before = await train();
  expect(await client.training.cleaning({ run: before.id })).toBeNull();

  // The same data once more: nothing was cleaned.
  const again = await train(2);
  expect(await client.training.cleaning({ run: again.id })).toBeNull();

  await core.core.checks.runToEnd(['split-leakage']);
  await client.checks.applyFix({ check: 'split-leakage' });
  await core.core.checks.idle();
  // Some scenes of their own for the test.
  await split([...first.slice(-6), ...second.slice(-6)], 'test');
  const after = await train();
  const cleaning = await client.training.cleaning({ run: after.id });
  expect(cleaning).toMatchObject({
    before: { run: again.id, name: again.name, accuracy: again.test!.accuracy, images: second.length },
    after: { accuracy: after.test!.accuracy, interval: after.test!.interval },
    sameSettings: true,
    excluded: 0,
    relabelled: 0,
    leaks: { after: 0 },
  });
  expect(cleaning!.leaks!.before).toBeGreaterThan(second.length * 0.7);
  expect(cleaning!.moved).toBeGreaterThan(second.length / 2);

  // Left out instead of moved: what leaked before is still known after the check has run again.
  await client.labels.apply({ kind: 'exclude', images: packRanges(second.slice(0, 20)) });
  await core.core.checks.runToEnd(['near-duplicates', 'split-leakage']);
  const last = await train();
  const lastCleaning = await client.training.cleaning({ run: last.id });
  expect(lastCleaning).toMatchObject({
    before: { run: after.id },
    excluded: 20,
    moved: 0,
    leaks: { before: 0, after: 0 },
  });

  expect(await codeOf(client.training.cleaning({ run: 'nobody' }))).toBe('NOT_FOUND');
});
