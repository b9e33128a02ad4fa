import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countFiles, scan } from '../../../../src-main/datasets/import/scan.ts';
import { ScanNotes } from '../../../../src-main/datasets/import/scan-notes.ts';
import { isDocument, isHiddenName } from '../../../../src-main/datasets/label-files/scan-names.ts';
import { splitOfName, splitsOfNames } from '../../../../src-main/datasets/label-files/split-names.ts';
import { writeFiles } from '../../../fixtures/photos/photos.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenslet-scan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a scan finds, as `path → split/class`. */
async function found(
  paths: readonly string[],
  source = folder,
  looseClass?: string,
  notes?: ScanNotes,
): Promise<Record<string, string>> {
  await writeFiles(folder, Object.fromEntries(paths.map((path) => [path, 'x'])));
  const result: Record<string, string> = {};
  for await (const one of scan(source, { looseClass, notes })) {
    result[one.path] = one.kind === 'file' ? `${one.split ?? '-'}/${one.className ?? '-'}` : one.kind;
  }
  return result;
}

describe('names', () => {
  test.each([
    ['train', 'train'],
    ['Training', 'train'],
    ['VAL', 'validation'],
    ['valid', 'validation'],
    ['Validation', 'validation'],
    ['test', 'test'],
    ['testing', 'test'],
    ['Eval', 'test'],
    ['dev', 'validation'],
    ['Development', 'validation'],
    ['hold-out', 'test'],
    ['training_set', 'train'],
    ['val2017', 'validation'],
    ['seg_test', 'test'],
    ['Test Images', 'test'],
    ['trainset', 'train'],
    ['test1', 'test'],
    ['trainer', null],
    ['testament', null],
    ['training dogs', null],
    ['images', null],
    ['data', null],
    ['constructor', null],
  ])('%s is the split %s', (name, split) => {
    expect(splitOfName(name)).toBe(split);
  });

  test.each([
    [['train', 'eval', 'test'], 'eval', 'validation'],
    [['train', 'holdout', 'testing'], 'holdout', 'validation'],
    [['train', 'eval'], 'eval', 'test'],
    [['train', 'val', 'holdout'], 'holdout', 'test'],
    [['train', 'val', 'test', 'holdout'], 'holdout', 'test'],
  ])('of %j, %s is the split %s', (names, name, split) => {
    expect(splitsOfNames(names).get(name)).toBe(split);
  });

  test.each([
    ...['._a.jpg', '.DS_Store', 'Thumbs.db', 'ehthumbs_vista.db', 'desktop.ini', 'Picasa.ini', '~$list.xlsx'],
    ...['__MACOSX', '@eaDir', '#recycle', '#snapshot', '@Recycle', '@Recently-Snapshot', '$RECYCLE.BIN'],
    ...['lost+found', 'LOST.DIR', 'System Volume Information', 'Network Recycle Bin 1', 'RECYCLER'],
    ...['Lightroom Previews.lrdata', 'IMG_0000.jpg@SynoEAStream', 'x@SynoResource'],
  ])('%s, which a system leaves behind, is hidden', (name) => {
    expect(isHiddenName(name)).toBe(true);
  });

  test.each(['a.jpg', 'recycling', 'previews', 'tmp', '#1 dad', '@home'])('%s is not hidden', (name) => {
    expect(isHiddenName(name)).toBe(false);
  });

  test('documents beside images are told from broken images', () => {
    expect(isDocument('labels.csv', false)).toBe(true);
    expect(isDocument('LICENSE', true)).toBe(true);
    expect(isDocument('a.jpg', true)).toBe(false);
    expect(isDocument('IMG_0001', false)).toBe(false);
  });
});

describe('scan', () => {
  test('class folders, folders inside them, in the order of their names', async () => {
    const result = await found(['dogs/b.jpg', 'dogs/puppies/small/c.jpg', 'cats/a.jpg', 'birds/.hidden.jpg']);
    expect(Object.entries(result)).toEqual([
      ['cats/a.jpg', '-/cats'],
      ['dogs/b.jpg', '-/dogs'],
      ['dogs/puppies/small/c.jpg', '-/dogs'],
    ]);
  });

  test('split folders with usual names, classes by name across them', async () => {
    expect(
      await found(['Training/cats/1.jpg', 'val/cats/2.jpg', 'EVAL/dogs/3.jpg', 'Training/loose.jpg']),
    ).toEqual({
      'EVAL/dogs/3.jpg': 'test/dogs',
      'Training/loose.jpg': 'train/-',
      'Training/cats/1.jpg': 'train/cats',
      'val/cats/2.jpg': 'validation/cats',
    });
  });

  test('a class may be called train; extras beside splits are no classes', async () => {
    expect(await found(['train/1.jpg', 'car/2.jpg', 'bus/3.jpg'])).toEqual({
      'bus/3.jpg': '-/bus',
      'car/2.jpg': '-/car',
      'train/1.jpg': '-/train',
    });
    await rm(folder, { recursive: true });
    expect(await found(['train/cats/1.jpg', 'test/cats/2.jpg', 'extra/3.jpg'])).toEqual({
      'extra/3.jpg': '-/-',
      'test/cats/2.jpg': 'test/cats',
      'train/cats/1.jpg': 'train/cats',
    });
  });

  test('splits of loose photos, and loose photos, have no label', async () => {
    expect(await found(['train/1.jpg', 'test/2.jpg', '3.jpg'])).toEqual({
      '3.jpg': '-/-',
      'test/2.jpg': 'test/-',
      'train/1.jpg': 'train/-',
    });
  });

  test('looks through folders that only surround the dataset, and says what is inside them', async () => {
    await writeFiles(folder, {
      'data/pets/cats/1.jpg': 'x',
      'data/pets/dogs/2.jpg': 'x',
      'data/__MACOSX/pets/._1.jpg': 'x',
    });
    const all = [];
    for await (const one of scan(folder)) all.push(one);
    expect(all).toMatchObject([
      { path: 'data/pets/cats/1.jpg', innerPath: 'cats/1.jpg', className: 'cats' },
      { path: 'data/pets/dogs/2.jpg', innerPath: 'dogs/2.jpg', className: 'dogs' },
    ]);
  });

  test('one folder of photos is a class, not a surrounding', async () => {
    expect(await found(['cats/1.jpg', 'cats/kittens/2.jpg'])).toEqual({
      'cats/1.jpg': '-/cats',
      'cats/kittens/2.jpg': '-/cats',
    });
  });

  test('a source that is itself a split folder, when another lies beside it', async () => {
    const paths = ['train/cats/1.jpg', 'train/dogs/2.jpg'];
    expect(await found(paths, join(folder, 'train'))).toEqual({
      'cats/1.jpg': '-/cats',
      'dogs/2.jpg': '-/dogs',
    });
    await mkdir(join(folder, 'Test'));
    expect(await found(paths, join(folder, 'train'))).toEqual({
      'cats/1.jpg': 'train/cats',
      'dogs/2.jpg': 'train/dogs',
    });
  });

  test('loose photos of one of several sources are of its class', async () => {
    expect(await found(['cats/1.jpg'], join(folder, 'cats'), 'cats')).toEqual({ '1.jpg': '-/cats' });
    expect(await countFiles(join(folder, 'cats'))).toEqual({ files: 1, onlyLoose: true });
    expect(await countFiles(folder)).toEqual({ files: 1, onlyLoose: false });
  });

  test('class names in any script, equal in whatever form they are written', async () => {
    const composed = 'caf\u00e9';
    const decomposed = 'cafe\u0301';
    const result = await found([
      `train/${composed}/1.jpg`,
      `test/${decomposed}/2.jpg`,
      'train/кот/3.jpg',
      'train/猫/4.jpg',
    ]);
    expect(new Set(Object.values(result))).toEqual(
      new Set([`train/${composed}`, `test/${composed}`, 'train/кот', 'train/猫']),
    );
  });

  test('classes first, splits inside of them', async () => {
    expect(
      await found([
        'cats/train/1.jpg',
        'cats/test/2.jpg',
        'dogs/Train/3.jpg',
        'dogs/valid/4.jpg',
        'emus/5.jpg',
      ]),
    ).toEqual({
      'cats/test/2.jpg': 'test/cats',
      'cats/train/1.jpg': 'train/cats',
      'dogs/Train/3.jpg': 'train/dogs',
      'dogs/valid/4.jpg': 'validation/dogs',
      'emus/5.jpg': '-/emus',
    });
    await rm(folder, { recursive: true });
    const notes = new ScanNotes();
    expect(
      await found(['cats/train/1.jpg', 'cats/sleeping/2.jpg', 'dogs/test/3.jpg'], folder, undefined, notes),
    ).toEqual({
      'cats/sleeping/2.jpg': '-/cats',
      'cats/train/1.jpg': '-/cats',
      'dogs/test/3.jpg': '-/dogs',
    });
    expect(notes.remarks(true)).toMatchObject([
      { code: 'DATASET_SPLITS_IN_CLASSES', params: { names: '“train”, “test”' } },
    ]);
  });

  test('folders beside splits keep their classes; they and folders of the system are counted', async () => {
    const notes = new ScanNotes();
    const paths = [
      ...['train/cats/1.jpg', 'train/dogs/2.jpg', 'test/cats/3.jpg', 'round 2/cats/4.jpg', 'notes/5.jpg'],
      ...['@eaDir/cats/T.jpg', 'train/cats/@eaDir/1.jpg/T.jpg', '#recycle/cats/6.jpg'],
    ];
    expect(await found(paths, folder, undefined, notes)).toEqual({
      'notes/5.jpg': '-/-',
      'round 2/cats/4.jpg': '-/cats',
      'test/cats/3.jpg': 'test/cats',
      'train/cats/1.jpg': 'train/cats',
      'train/dogs/2.jpg': 'train/dogs',
    });
    expect(notes.remarks(true)).toMatchObject([
      { code: 'DATASET_BESIDE_SPLITS', params: { count: 2, names: '“notes”, “round 2”' } },
      { code: 'DATASET_SYSTEM_FOLDERS', params: { count: 3, names: '“#recycle”, “@eaDir”' } },
    ]);
  });

  test('camera raw beside the same picture as JPEG is passed over and counted', async () => {
    const notes = new ScanNotes();
    const paths = [
      'cats/IMG_1.CR3',
      'cats/IMG_1.JPG',
      'cats/IMG_2.dng',
      'dogs/a.nef',
      'dogs/A.heic',
      'dogs/b.nef',
    ];
    expect(Object.keys(await found(paths, folder, undefined, notes))).toEqual([
      'cats/IMG_1.JPG',
      'cats/IMG_2.dng',
      'dogs/A.heic',
      'dogs/b.nef',
    ]);
    expect(notes.remarks(true)).toMatchObject([{ code: 'DATASET_RAW_TWINS', params: { count: 2 } }]);
  });

  test('links in a circle come to an end; links to photos count', async () => {
    await writeFiles(folder, { 'cats/1.jpg': 'x', 'dogs/2.jpg': 'x' });
    await symlink(folder, join(folder, 'cats', 'around'));
    await symlink('.', join(folder, 'dogs', 'self'));
    await symlink(join(folder, 'cats', '1.jpg'), join(folder, 'dogs', 'linked.jpg'));
    await symlink(join(folder, 'nowhere.jpg'), join(folder, 'dogs', 'dangling.jpg'));
    expect(Object.keys(await found([]))).toEqual([
      'cats/1.jpg',
      'dogs/2.jpg',
      'dogs/dangling.jpg',
      'dogs/linked.jpg',
    ]);
  });

  test('idx files, their labels left to them, the packed twin left out', async () => {
    const mnist = [
      't10k-images-idx3-ubyte.gz',
      't10k-labels-idx1-ubyte.gz',
      'train-images-idx3-ubyte',
      'train-images-idx3-ubyte.gz',
    ];
    expect(await found(mnist)).toEqual({
      't10k-images-idx3-ubyte.gz': 'idx',
      'train-images-idx3-ubyte': 'idx',
    });
  });

  test('a single file, and a path that is not there', async () => {
    expect(await found(['cats/1.jpg'], join(folder, 'cats', '1.jpg'))).toEqual({ '1.jpg': '-/-' });
    const labels = 'train-labels-idx1-ubyte.gz';
    expect(await found([labels], join(folder, labels))).toEqual({});
    await expect(found([], join(folder, 'missing'))).rejects.toMatchObject({
      code: 'DATASET_SOURCE_NOT_FOUND',
    });
  });

  test('an empty folder finds nothing', async () => {
    await mkdir(join(folder, 'empty', 'inside'), { recursive: true });
    expect(await found([], join(folder, 'empty'))).toEqual({});
  });
});
