import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesOfList } from '../../../../src-main/datasets/import/listed-files.ts';
import type { LabelRow } from '../../../../src-main/datasets/label-files/label-row.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-listed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (path: string, label = 'cats'): LabelRow => ({ path, alternatives: [], label, split: undefined });
const listOf = (rows: readonly LabelRow[], headless = false) => ({ rows, headless, remarks: [] });
const invalid = expect.objectContaining({ code: 'DATASET_LABELS_INVALID' }) as Error;

function photos(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'x');
  }
}

const found = (list: string, rows: readonly LabelRow[], headless = false) =>
  filesOfList(join(folder, list), listOf(rows, headless)).files.map(({ absolutePath, className, split }) => [
    absolutePath.slice(folder.length + 1),
    className,
    split,
  ]);

it.each([
  '//evil.invalid/share/x.jpg',
  '\\\\evil.invalid\\share\\x.jpg',
  '\\\\?\\C:\\x.jpg',
  '/\\evil.invalid/x',
])('a list that names %j, a photo on another computer, is refused on every system', (path) => {
  expect(() => filesOfList('/lists/list.csv', listOf([row('a.jpg'), row(path)]))).toThrowError(invalid);
  const other = { ...row('a.jpg'), alternatives: [path] };
  expect(() => filesOfList('/lists/list.csv', listOf([other]))).toThrowError(invalid);
});

it('an uploaded list names only photos that came with it', () => {
  photos('a/1.jpg', 'b/2.jpg');
  const list = join(folder, 'list.csv');
  expect(() => filesOfList(list, listOf([row('../secret.jpg')]), folder)).toThrowError(invalid);
  expect(() => filesOfList(list, listOf([row('/etc/secret.jpg')]), folder)).toThrowError(invalid);
  expect(filesOfList(list, listOf([row('a/1.jpg'), row('b/2.jpg')]), folder).root).toBe(folder);
});

describe('photos that do not lie where the list says', () => {
  it.each([
    ['an id without an ending', 'train/000bec.jpg', '000bec'],
    ['another letter case', 'IMG_1.JPG', 'img_1.jpg'],
    ['a folder of another machine', 'images/a.jpg', '/kaggle/input/images/a.jpg'],
    ['photos below another folder', 'train_images/deep/a.jpg', 'a.jpg'],
    ['the name before Roboflow', 'cat_0_jpg.rf.0a1b2c.jpg', 'cat_0.jpg'],
  ])('%s', (_what, there, named) => {
    photos(there, 'other.jpg');
    expect(found('list.csv', [row(named)])).toEqual([[there, 'cats', null]]);
  });

  it('a photo of the same name in another folder is another photo', () => {
    photos('test/1.jpg', 'train/2.jpg');
    const [first, second] = found('list.csv', [row('train/1.jpg'), row('train/2.jpg')]);
    expect(first).toEqual(['train/1.jpg', 'cats', null]);
    expect(second).toEqual(['train/2.jpg', 'cats', null]);
  });

  it('none found at all is said of the list', () => {
    photos('x.jpg');
    expect(() => found('list.csv', [row('a.jpg'), row('b.jpg')])).toThrowError(
      /^None of the 2 photos in the list .* were found, such as a\.jpg/,
    );
  });
});

it('a first row that alone names no photo is a heading', () => {
  photos('a.jpg', 'b.jpg');
  expect(found('list.csv', [row('Bilder', 'Tier'), row('a'), row('b', 'dogs')], true)).toEqual([
    ['a.jpg', 'cats', null],
    ['b.jpg', 'dogs', null],
  ]);
});

it('a list in a split folder beside others gives that split, as Roboflow writes one into each', () => {
  photos('train/a.jpg', 'valid/b.jpg', 'valid/c.jpg');
  expect(found('valid/_classes.csv', [row('b.jpg'), { ...row('c.jpg'), split: 'test' }])).toEqual([
    ['valid/b.jpg', 'cats', 'validation'],
    ['valid/c.jpg', 'cats', 'test'],
  ]);
  rmSync(join(folder, 'train'), { recursive: true });
  expect(found('valid/_classes.csv', [row('b.jpg')])).toEqual([['valid/b.jpg', 'cats', null]]);
});
