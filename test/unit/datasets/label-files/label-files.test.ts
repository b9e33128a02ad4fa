import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLabelFile } from '../../../../src-main/datasets/label-files/index.ts';
import { matchRows } from '../../../../src-main/datasets/label-files/match-rows.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-labels-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Buffer) {
  const path = join(folder, name);
  writeFileSync(path, content);
  const { format, rows, ambiguous } = await readLabelFile(path);
  return { format, ambiguous, rows: rows.map(({ path: of, label, split }) => [of, label, split]) };
}

describe('tables', () => {
  test.each([
    ['with a heading, commas', 'path,label,split\ncats/a.jpg,cats,train\nb.jpg,dogs,VAL\n'],
    [
      'the columns in another order, semicolons, a byte order mark',
      '\ufeffSplit;Class;File Name\ntrain;cats;cats/a.jpg\nval;dogs;b.jpg\n',
    ],
    [
      'tabs and Windows paths',
      'filename\tcategory\tset\r\ncats\\a.jpg\tcats\ttraining\r\nb.jpg\tdogs\tvalidation\r\n',
    ],
  ])('%s', async (_what, text) => {
    expect(await read('list.csv', text)).toEqual({
      format: 'csv',
      ambiguous: 0,
      rows: [
        ['cats/a.jpg', 'cats', 'train'],
        ['b.jpg', 'dogs', 'validation'],
      ],
    });
  });

  test('without a heading: path and label; quotes, commas and empty labels', async () => {
    expect((await read('l.csv', '"a, b.jpg","say ""cat"""\nc.jpg,\n')).rows).toEqual([
      ['a, b.jpg', 'say "cat"', undefined],
      ['c.jpg', null, undefined],
    ]);
  });

  test('UTF-16 as spreadsheets write it', async () => {
    const text = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('path\tlabel\nå.jpg\tKätzchen\n', 'utf16le'),
    ]);
    expect((await read('l.txt', text)).rows).toEqual([['å.jpg', 'Kätzchen', undefined]]);
  });

  test.each([
    ['nothing', ''],
    ['a broken quote', 'path,label\n"a.jpg,cats\n'],
    ['JSON that is cut off', '{"images": ['],
    ['JSON of something else', '{"name": "package"}'],
    ['an empty list of tasks', '[]'],
  ])('%s is refused with a reason', async (_what, text) => {
    await expect(read('l.csv', text)).rejects.toMatchObject({ code: 'DATASET_LABELS_INVALID' });
  });
});

test('COCO: the category of the annotations; several categories are ambiguous, none says nothing', async () => {
  const coco = {
    images: [
      { id: 1, file_name: 'a.jpg' },
      { id: 2, file_name: 'b.jpg' },
      { id: 3, file_name: 'c.jpg' },
    ],
    annotations: [
      { id: 1, image_id: 1, category_id: 7, bbox: [0, 0, 1, 1] },
      { id: 2, image_id: 1, category_id: 7 },
      { id: 3, image_id: 2, category_id: 7 },
      { id: 4, image_id: 2, category_id: 8 },
    ],
    categories: [
      { id: 7, name: 'cat' },
      { id: 8, name: 'dog' },
    ],
  };
  expect(await read('coco.json', JSON.stringify(coco))).toEqual({
    format: 'coco',
    ambiguous: 1,
    rows: [['a.jpg', 'cat', undefined]],
  });
});

describe('Label Studio', () => {
  const choices = (...names: string[]) => ({ type: 'choices', value: { choices: names }, from_name: 'c' });

  test('the single choice of each task; cancelled answers do not count', async () => {
    const tasks = [
      {
        data: { image: '/data/upload/3/0a1b2c3d-My%20cat.jpg' },
        annotations: [{ result: [choices('Cat')] }],
      },
      {
        data: { image: '/data/local-files/?d=photos/dog%201.jpg' },
        annotations: [{ was_cancelled: true, result: [choices('Cat')] }, { result: [choices('Dog')] }],
      },
      { data: { image: 'c.jpg' }, annotations: [{ result: [choices('Cat', 'Dog')] }] },
      { data: { image: 'd.jpg' }, annotations: [] },
    ];
    expect(await read('tasks.json', JSON.stringify(tasks))).toEqual({
      format: 'label-studio',
      ambiguous: 1,
      rows: [
        ['data/upload/3/0a1b2c3d-My cat.jpg'.replace(/^/, '/'), 'Cat', undefined],
        ['photos/dog 1.jpg', 'Dog', undefined],
      ],
    });
  });

  test('the short form', async () => {
    const tasks = [
      { id: 1, image: 'a.jpg', choice: 'Cat' },
      { id: 2, image: 'b.jpg', choice: { choices: ['Dog'] } },
    ];
    expect((await read('min.json', JSON.stringify(tasks))).rows).toEqual([
      ['a.jpg', 'Cat', undefined],
      ['b.jpg', 'Dog', undefined],
    ]);
  });
});

describe('matching', () => {
  const photos = [
    { id: 1, root: '/home/me/pets', path: 'cats/1.jpg' },
    { id: 2, root: '/home/me/pets', path: 'dogs/1.jpg' },
    { id: 3, root: '/home/me/pets', path: 'dogs/2.jpg' },
    { id: 4, root: '/home/me/more', path: '2.jpg' },
    { id: 5, root: '/home/me/more', path: 'My cat.jpg' },
  ];
  const match = (path: string, alternatives: string[] = []) => {
    const { matched, unmatched, ambiguous } = matchRows(
      [{ path, alternatives, label: 'x', split: undefined }],
      photos,
    );
    return matched[0]?.id ?? (ambiguous > 0 ? 'ambiguous' : unmatched.length === 1 ? 'none' : '?');
  };

  test.each([
    ['cats/1.jpg', 1],
    ['/elsewhere/pets/dogs/1.jpg', 2],
    ['/home/me/pets/dogs/2.jpg', 3],
    ['more/2.jpg', 4],
    ['1.jpg', 'ambiguous'],
    ['birds/1.jpg', 'ambiguous'],
    ['9.jpg', 'none'],
  ])('%s', (path, expected) => expect(match(path)).toBe(expected));

  test('by another name the photo may have', () => {
    expect(match('upload/0a1b2c3d-My cat.jpg', ['My cat.jpg'])).toBe(5);
  });
});
