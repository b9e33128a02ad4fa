import { mkdtemp, rm } from 'node:fs/promises';
import { openSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { listImageIds } from '../../../../src-main/project/images/photo-lists.ts';
import { tilesOfImages } from '../../../../src-main/services/project/image-caches.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { idxImages, idxLabels } from '../../../fixtures/photos/idx-files.ts';
import { writeFiles } from '../../../fixtures/photos/photos.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

let open: TestCore;
let folder: string;
beforeEach(async () => {
  open = await openTestCore();
  folder = await mkdtemp(join(tmpdir(), 'lenslet-mnist-'));
});
afterEach(async () => {
  await open.close();
  await rm(folder, { recursive: true, force: true });
});

const grey = { size: 28, channels: 1 } as const;

async function imagesOf(filter: Parameters<typeof listImageIds>[1]) {
  const project = open.core.projects.get();
  return { project, rows: findImages(project.database, listImageIds(project.database, filter)) };
}

test('packed and plain idx files: classes, splits, tiles, thumbnails; again, elsewhere, rebuilt', async () => {
  const files = {
    'train-images-idx3-ubyte.gz': gzipSync(idxImages(600, 28, 28)),
    'train-labels-idx1-ubyte.gz': gzipSync(idxLabels(600)),
    't10k-images-idx3-ubyte': idxImages(100, 28, 28),
    't10k-labels-idx1-ubyte': idxLabels(100),
  };
  await writeFiles(folder, files);
  const result = await open.core.imports.importPaths([folder]);
  const ten = (count: number) => Object.fromEntries(Array.from({ length: 10 }, (_, i) => [String(i), count]));
  expect(result).toMatchObject({
    images: 700,
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    splits: { train: ten(60), test: ten(10) },
  });
  const { project, rows } = await imagesOf({ split: 'test' });
  expect(rows[3]).toMatchObject({ path: 't10k-images-idx3-ubyte#3', width: 28, height: 28, format: 'idx' });

  const read = async (): Promise<void> => {
    const pack = await tilesOfImages(project, rows, grey);
    const file = openSync(pack.path, 'r');
    rows.forEach(({ path }, i) => {
      const index = Number(path.split('#')[1]);
      const record = Buffer.alloc(784);
      readSync(file, record, 0, 784, pack.slots[i] * 784);
      expect(
        record.equals(files['t10k-images-idx3-ubyte'].subarray(16 + index * 784, 16 + (index + 1) * 784)),
      ).toBe(true);
    });
  };
  await read();
  await rm(project.cacheFolder, { recursive: true });
  await read();
  const train = await imagesOf({ split: 'train' });
  expect((await tilesOfImages(project, train.rows, grey)).slots).toHaveLength(600);
  expect((await tilesOfImages(project, train.rows, { size: 20, channels: 3 })).slots).toHaveLength(600);

  const shown = await open.core.media(new Request(`http://localhost/media/thumbnail/${rows[3].id}`));
  const { data, info } = await sharp(await shown.bytes())
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.width).toBe(112);
  expect(data[0]).toBe(3);

  expect((await open.core.imports.importPaths([folder])).state).toMatchObject({ added: 0, known: 700 });
  await writeFiles(join(open.folder, 'copy'), files);
  const copy = join(open.folder, 'copy');
  expect((await open.core.imports.importPaths([copy])).state).toMatchObject({ added: 0, known: 700 });

  // The first files are gone: those of the copy take their place.
  await rm(folder, { recursive: true });
  expect((await open.core.imports.importPaths([copy])).state).toMatchObject({ added: 0, known: 700 });
  expect(
    new Set(findImages(project.database, listImageIds(project.database)).map(({ sourceRoot }) => sourceRoot)),
  ).toEqual(new Set([copy]));
});

test('one idx file given by its path', async () => {
  await writeFiles(folder, {
    'train-images-idx3-ubyte': idxImages(30, 28, 28),
    'train-labels-idx1-ubyte': idxLabels(30),
  });
  const result = await open.core.imports.importPaths([join(folder, 'train-images-idx3-ubyte')]);
  expect(result).toMatchObject({ images: 30, state: { status: 'done', error: null } });
});

test('images that are not square become square tiles', async () => {
  await writeFiles(folder, {
    'images-idx3-ubyte': idxImages(20, 12, 30),
    'labels-idx1-ubyte': idxLabels(20),
  });
  const result = await open.core.imports.importPaths([folder]);
  expect(result).toMatchObject({ images: 20, state: { error: null } });
  expect(result.splits.train).toBeDefined();
  const { project, rows } = await imagesOf({});
  expect(rows[0]).toMatchObject({ width: 30, height: 12 });
  expect((await tilesOfImages(project, rows, { size: 30, channels: 1 })).slots).toHaveLength(20);
});

const mnist = sharedData('mnist');

test.skipIf(mnist === null)('MNIST itself: 70,000 images in little memory', { tags: ['long'] }, async () => {
  const before = process.memoryUsage().rss;
  const result = await open.core.imports.importPaths([mnist!]);
  expect(result).toMatchObject({ images: 70_000, state: { added: 70_000, error: null } });
  expect(result.splits.train).toMatchObject({ '0': 5923, '1': 6742, '9': 5949 });
  expect(result.splits.test).toMatchObject({ '0': 980, '9': 1009 });
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(250);
  const { project, rows } = await imagesOf({ split: 'test' });
  const pack = await tilesOfImages(project, rows, grey);
  const whole = gunzipSync(readFileSync(join(mnist!, 't10k-images-idx3-ubyte.gz'))).subarray(16);
  const file = openSync(pack.path, 'r');
  for (let i = 0; i < 10_000; i += 501) {
    const index = Number(rows[i].path.split('#')[1]);
    const record = Buffer.alloc(784);
    readSync(file, record, 0, 784, pack.slots[i] * 784);
    expect(record.equals(whole.subarray(index * 784, (index + 1) * 784))).toBe(true);
  }
});
