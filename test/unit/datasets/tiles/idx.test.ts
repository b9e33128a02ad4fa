import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelsNames, openIdx, readIdxImages, splitOfIdx } from '../../../../src-main/datasets/tiles/idx.ts';
import { idxImages, idxLabels } from '../../../fixtures/photos/idx-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenslet-idx-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function pair(images: Buffer, labels: Buffer | null, ending = ''): Promise<string> {
  const path = join(folder, `train-images-idx3-ubyte${ending}`);
  await writeFile(path, images);
  if (labels !== null) await writeFile(join(folder, `train-labels-idx1-ubyte${ending}`), labels);
  return path;
}

describe('names', () => {
  test('labels belong to images, packed or not, in both spellings', () => {
    expect(labelsNames('train-images-idx3-ubyte.gz')).toEqual([
      'train-labels-idx1-ubyte.gz',
      'train-labels-idx1-ubyte',
    ]);
    expect(labelsNames('t10k-images.idx3-ubyte')[0]).toBe('t10k-labels.idx1-ubyte');
  });

  test('splits', () => {
    expect(splitOfIdx('train-images-idx3-ubyte.gz')).toBe('train');
    expect(splitOfIdx('t10k-images-idx3-ubyte')).toBe('test');
    expect(splitOfIdx('emnist-letters-test-images-idx3-ubyte')).toBe('test');
    expect(splitOfIdx('images-idx3-ubyte')).toBeNull();
  });
});

describe('reading', () => {
  test.each([
    ['plain', (bytes: Buffer) => bytes, ''],
    ['packed', (bytes: Buffer) => gzipSync(bytes), '.gz'],
    ['packed, named as if not', (bytes: Buffer) => gzipSync(bytes), ''],
  ])('%s: every image with its label', async (_, pack, ending) => {
    const path = await pair(pack(idxImages(700, 9, 6)), pack(idxLabels(700)), ending);
    const dataset = await openIdx(path);
    expect(dataset).toMatchObject({ count: 700, rows: 9, columns: 6, split: 'train' });
    expect([...dataset.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    let next = 0;
    for await (const { index, pixels } of readIdxImages(dataset)) {
      expect(index).toBe(next++);
      expect(pixels).toHaveLength(54);
      expect(pixels[0]).toBe(index % 256);
    }
    expect(next).toBe(700);
  });

  test.each([
    ['ends early', idxImages(5, 4, 4).subarray(0, 60), idxLabels(5)],
    ['too long', Buffer.concat([idxImages(5, 4, 4), Buffer.alloc(3)]), idxLabels(5)],
    ['mark', Buffer.from('not an idx file at all'), idxLabels(5)],
    ['labels file .* is missing', idxImages(5, 4, 4), null],
    ['5 images, its labels file 4', idxImages(5, 4, 4), idxLabels(4)],
    ['mark of a labels', idxImages(5, 4, 4), idxImages(5, 4, 4)],
    ['ends early', gzipSync(idxImages(500, 4, 4)).subarray(0, 60), idxLabels(500)],
    ['images are 0', idxImages(5, 0, 4), idxLabels(5)],
    ['too short', Buffer.from([0, 0, 8, 3]), idxLabels(5)],
  ])('a broken file says what is wrong: %s', async (reason, images, labels) => {
    await expect(openIdx(await pair(images, labels))).rejects.toMatchObject({
      code: 'DATASET_IDX_INVALID',
      params: { reason: expect.stringMatching(reason) as string },
    });
  });

  test('a header that claims four thousand million images costs no memory', async () => {
    const images = idxImages(2, 4, 4);
    images.writeUInt32BE(0xffffffff, 4);
    await expect(openIdx(await pair(images, idxLabels(2)))).rejects.toMatchObject({
      code: 'DATASET_IDX_INVALID',
    });
  });
});
