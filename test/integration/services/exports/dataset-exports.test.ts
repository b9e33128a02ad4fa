/** The photos of a run taken out of the app. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportResult } from '../../../../src-main/contract/app/exports.ts';
import { datasetFormats } from '../../../../src-main/registries/exports/index.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { type TrainingCore, codeOf, importInto, trainingCore } from '../../../fixtures/training-core.ts';

const perClass = 12;
let here: TrainingCore;
let run: string;
/** Hashes of the originals, by name. */
const originals = new Map<string, string>();

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

beforeAll(async () => {
  here = await trainingCore();
  const shapes = join(here.folder, 'shapes');
  await drawShapes(shapes, perClass);
  for (const name of readdirSync(shapes, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.jpg')) originals.set(basename(name), hashOf(join(shapes, name)));
  await importInto(here, shapes);
  const over = here.untilStatus('done', 'failed');
  const settings = { imageSize: 48, batchSize: 8, epochs: 1, learningRate: 1e-3 };
  ({ id: run } = await here.client.training.start({ recipe: 'scratch', settings }));
  expect((await over).error).toBeNull();
});
afterAll(() => here.close());

async function write(format: string, out: string): Promise<ExportResult> {
  const pick = here.core.context.pickedPaths.add(out);
  for await (const event of await here.client.exports.write({ run, format, out: pick }))
    if (event.type === 'done') return event;
  throw new Error('it ended without a result');
}

it.each(datasetFormats.filter(({ perArchive }) => perArchive === undefined).map(({ id }) => id))(
  'writes every photo once as %s, byte by byte',
  async (format) => {
    const out = join(here.folder, format);
    const done = await write(format, out);
    expect(done).toMatchObject({ images: 2 * perClass, problems: [], largestDifference: 0 });
    const photos = done.files.filter((name) => name.endsWith('.jpg'));
    expect(photos).toHaveLength(2 * perClass);
    for (const photo of photos) expect(hashOf(join(out, photo))).toBe(originals.get(basename(photo)));
    expect(done.files).toEqual(expect.arrayContaining(['README.md', 'export.json', 'labels.txt']));
    // Where folders are classes, each photo is in its own.
    if (!photos[0].startsWith('photos/'))
      for (const photo of photos) expect(basename(photo).split(' ')[0]).toBe(photo.split('/').at(-2));
  },
);

it('writes folders that Lenslet imports again with the same classes and splits', async () => {
  const other = await trainingCore();
  try {
    await importInto(other, join(here.folder, 'dataset-folders'));
    const [before, after] = await Promise.all([
      here.client.datasets.summary(),
      other.client.datasets.summary(),
    ]);
    expect(after.splits).toEqual(before.splits);
  } finally {
    await other.close();
  }
});

it('writes archives that tar reads, each photo with its class', async () => {
  const out = join(here.folder, 'webdataset');
  const done = await write('dataset-webdataset', out);
  const archives = done.files.filter((name) => name.endsWith('.tar'));
  expect(archives).toEqual(['test-000000.tar', 'train-000000.tar', 'validation-000000.tar']);
  const classes = readFileSync(join(out, 'labels.txt'), 'utf8').trimEnd().split('\n');
  let photos = 0;
  for (const archive of archives) {
    const folder = join(out, `of ${archive}`);
    mkdirSync(folder);
    execFileSync('tar', ['-xf', join(out, archive), '-C', folder]);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.jpg'))) {
      const path = join(folder, name.slice(0, -4));
      const about = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as { path: string; class: string };
      expect(hashOf(`${path}.jpg`)).toBe(originals.get(basename(about.path)));
      expect(classes[Number(readFileSync(`${path}.cls`, 'utf8'))]).toBe(about.class);
      expect(basename(about.path).split(' ')[0]).toBe(about.class);
      photos++;
    }
  }
  expect(photos).toBe(2 * perClass);
});

it.each(['dataset-folders', 'dataset-webdataset'])(
  'leaves out photos that changed or are gone, and says which: %s',
  async (format) => {
    const shapes = join(here.folder, 'shapes');
    if (format === 'dataset-folders') {
      appendFileSync(join(shapes, 'discs', 'discs 0.jpg'), 'x');
      rmSync(join(shapes, 'stripes', 'stripes 1.jpg'));
    }
    const done = await write(format, join(here.folder, `${format} without some`));
    expect(done.images).toBe(2 * perClass - 2);
    const names = done.problems.map(({ path, code }) => [basename(path), code]);
    expect(names.sort()).toEqual([
      ['discs 0.jpg', 'IMAGE_UNREADABLE'],
      ['stripes 1.jpg', 'IMAGE_MISSING'],
    ]);
  },
);

it('refuses to write an export without a single photo, and leaves nothing', async () => {
  rmSync(join(here.folder, 'shapes'), { recursive: true });
  const out = join(here.folder, 'nothing');
  expect(await codeOf(write('dataset-folders', out))).toBe('EXPORT_NO_PHOTOS');
  expect(readdirSync(here.folder).filter((name) => name.includes('nothing'))).toEqual([]);
});
