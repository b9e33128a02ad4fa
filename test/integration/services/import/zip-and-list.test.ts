import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, noisePicture, writeFiles } from '../../../fixtures/photos/photos.ts';
import { type ZipEntry, zipOf } from '../../../fixtures/photos/zip-files.ts';

let open: TestCore;
beforeEach(async () => {
  open = await openTestCore();
});
afterEach(() => open.close());

const importOf = (...paths: string[]) => open.core.imports.importPaths(paths);

async function zipFile(name: string, entries: readonly ZipEntry[]): Promise<string> {
  const path = join(open.folder, name);
  await writeFile(path, zipOf(entries));
  return path;
}

const toEntries = (files: Record<string, Buffer>): ZipEntry[] =>
  Object.entries(files).map(([name, content]) => ({ name, content }));

/** Everything below the test's folder that is not the project's own. */
async function outside(): Promise<string[]> {
  const names = await readdir(open.folder, { recursive: true });
  return names.filter((name) => !name.startsWith('projects') && !name.startsWith('settings')).sort();
}

const uploads = (): string[] => readdirSync(open.core.context.project().uploadsFolder);

describe('zip archives', () => {
  test('are unpacked into the project and imported as a folder would be', async () => {
    const files = await classFolders('pets/train/', { cats: 4, dogs: 3 });
    Object.assign(files, await classFolders('pets/test/', { cats: 2, dogs: 2 }));
    const path = await zipFile('pets.zip', [
      { name: '__MACOSX/._cat.jpg', content: Buffer.from('x') },
      { name: 'pets/', content: Buffer.alloc(0) },
      ...toEntries(files),
      { name: 'pets/train/cats/link.jpg', content: Buffer.from('/etc/passwd'), mode: 0o120777 },
    ]);
    const result = await importOf(path);
    expect(result).toMatchObject({
      images: 11,
      classes: ['cats', 'dogs'],
      splits: { train: { cats: 4, dogs: 3 }, test: { cats: 2, dogs: 2 } },
      quarantined: [],
      state: { status: 'done', error: null },
    });
    expect(await importOf(path)).toMatchObject({ images: 11, state: { added: 0, known: 11 } });
  });

  test('names in UTF-8 are read as such, also where the archive does not say so', async () => {
    const files = await classFolders('', { Käfer: 2, Vögel: 2 });
    const entries = toEntries(files).map((entry) => ({ ...entry, unsaid: true }));
    expect(await importOf(await zipFile('unsaid.zip', entries))).toMatchObject({
      images: 4,
      classes: ['Käfer', 'Vögel'],
    });
  });

  test('odd names in one do not keep the photos out', async () => {
    const files = await classFolders('./', { cats: 2, dogs: 2 });
    const long = `cats/${'x'.repeat(251)}.jpg`;
    const path = await zipFile('odd.zip', [
      ...toEntries({ ...files, [long]: await noisePicture(9) }),
      { name: './', content: Buffer.alloc(0) },
      { name: 'cats/Icon\r', content: Buffer.from('x') },
      { name: '__MACOSX/cats/._Icon\r', content: Buffer.from('x') },
      { name: `.Trashes/${'x'.repeat(300)}`, content: Buffer.from('x') },
    ]);
    expect(await importOf(path)).toMatchObject({
      images: 5,
      classes: ['cats', 'dogs'],
      quarantined: [],
      state: { status: 'done', error: null },
    });
  });

  test.each<[string, ZipEntry, RegExp]>([
    [
      'leads out through a hidden folder',
      { name: '.x/../../a.jpg', content: Buffer.from('x') },
      /path|relative/,
    ],
    ['leads out of its folder', { name: '../../evil.jpg', content: Buffer.from('x') }, /path|relative/],
    ['has an absolute path', { name: '/tmp/evil.jpg', content: Buffer.from('x') }, /absolute/],
    ['has a Windows path', { name: 'C:\\evil.jpg', content: Buffer.from('x') }, /absolute|path/],
    ['has a password', { name: 'a.jpg', content: Buffer.from('x'), encrypted: true }, /password/],
    ['claims more than is there', { name: 'a.jpg', content: Buffer.from('x'), claimedSize: 900 }, /a\.jpg/],
    ['holds more than it claims', { name: 'a.jpg', content: Buffer.alloc(5000), claimedSize: 10 }, /a\.jpg/],
    [
      'would fill the disk',
      { name: 'a.bmp', content: Buffer.alloc(100_000), claimedSize: 2 ** 32 - 2 },
      /larger than 256 MB|MB would come out/,
    ],
  ])('one that %s is refused, with nothing left behind', async (_what, entry, reason) => {
    const good = toEntries(await classFolders('', { cats: 1, dogs: 1 }));
    const path = await zipFile('bad.zip', [...good, entry]);
    const before = await outside();
    const { state, images } = await importOf(path);
    expect(state).toMatchObject({ status: 'failed', error: { code: 'DATASET_ARCHIVE_INVALID' } });
    expect(state.error?.message).toMatch(reason);
    expect(images).toBe(0);
    expect(await outside()).toEqual(before);
    expect(uploads()).toEqual([]);
  });

  test('a bomb of many middling files is refused before anything is unpacked', async () => {
    const zeros = Buffer.alloc(1000);
    const entries = Array.from({ length: 20 }, (_, at) => ({
      name: `cats/${at}.bmp`,
      content: zeros,
      claimedSize: 200 * 1024 * 1024,
    }));
    const { state } = await importOf(await zipFile('bomb.zip', entries));
    expect(state.error).toMatchObject({ code: 'DATASET_ARCHIVE_INVALID' });
    expect(state.error?.message).toMatch(/4000 MB would come out of 1 MB/);
  });

  test('a cut-off archive says so', async () => {
    const whole = zipOf(toEntries(await classFolders('', { cats: 2, dogs: 2 })));
    const path = join(open.folder, 'cut.zip');
    await writeFile(path, whole.subarray(0, whole.length - 40));
    expect((await importOf(path)).state.error).toMatchObject({ code: 'DATASET_ARCHIVE_INVALID' });
  });
});

describe('archives and what is in them', () => {
  const samples = async (seed: number): Promise<ZipEntry[]> => [
    { name: '0.jpg', content: await noisePicture(seed) },
    { name: '1.jpg', content: await noisePicture(seed + 1) },
  ];
  const expected = { images: 4, classes: ['Cat-samples', 'Dog-samples'], state: { status: 'done' } };

  test('one archive a class: given side by side, in a folder, in an archive', async () => {
    const cats = await zipFile('Cat-samples.zip', await samples(1));
    const dogs = await zipFile('Dog-samples.zip', await samples(11));
    expect(await importOf(cats, dogs)).toMatchObject(expected);
    await open.core.projects.create({ name: 'Folder' });
    await writeFiles(join(open.folder, 'classes'), {
      'Cat-samples.zip': zipOf(await samples(1)),
      'Dog-samples.zip': zipOf(await samples(11)),
      '.DS_Store': 'x',
    });
    expect(await importOf(join(open.folder, 'classes'))).toMatchObject(expected);
    await open.core.projects.create({ name: 'Nested' });
    const outer = await zipFile('all.zip', [
      { name: 'Cat-samples.zip', content: zipOf(await samples(1)) },
      { name: 'Dog-samples.zip', content: zipOf(await samples(11)) },
    ]);
    expect(await importOf(outer)).toMatchObject(expected);
    expect(uploads()).toHaveLength(2);
  });

  test('archives called as splits are splits', async () => {
    const train = await zipFile('train.zip', toEntries(await classFolders('', { cats: 2, dogs: 2 })));
    const dev = await zipFile('dev.zip', toEntries(await classFolders('more/', { cats: 1, dogs: 1 })));
    expect((await importOf(train, dev)).splits).toEqual({
      train: { cats: 2, dogs: 2 },
      validation: { cats: 1, dogs: 1 },
    });
  });

  test('a broken archive among others leaves none of them behind', async () => {
    await writeFiles(join(open.folder, 'classes'), {
      'a.zip': zipOf(await samples(1)),
      'b.zip': zipOf(await samples(5)).subarray(0, 300),
    });
    const { state } = await importOf(join(open.folder, 'classes'));
    expect(state.error).toMatchObject({ code: 'DATASET_ARCHIVE_INVALID' });
    expect(uploads()).toEqual([]);
  });

  test.each([
    ['photos.rar', Buffer.from('Rar!\x1a\x07\0rest'), /RAR archive/],
    ['photos.tar.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0]), /gzip archive/],
  ])('%s is refused as an archive of another kind', async (name, content, reason) => {
    await writeFile(join(open.folder, name), content);
    const { error } = (await importOf(join(open.folder, name))).state;
    expect(error).toMatchObject({ code: 'DATASET_ARCHIVE_INVALID' });
    expect(error?.message).toMatch(reason);
  });
});

test('what an import passed over is said with its outcome', async () => {
  const folder = join(open.folder, 'nas');
  await writeFiles(folder, {
    ...(await classFolders('train/', { cats: 2, dogs: 2 })),
    ...(await classFolders('train/cats/@eaDir/', { 'cats-0.jpg': 1 })),
    ...(await classFolders('test/', { cats: 1, dogs: 1 })),
    ...(await classFolders('round two/', { cats: 1 })),
    '#recycle/cats/old.jpg': await noisePicture(99),
  });
  const { images, unassigned, state } = await importOf(folder);
  expect({ images, unassigned }).toEqual({ images: 7, unassigned: 1 });
  expect(state.remarks).toMatchObject([
    { code: 'DATASET_BESIDE_SPLITS', params: { count: 1, names: '“round two”' } },
    { code: 'DATASET_SYSTEM_FOLDERS', params: { count: 2 } },
  ]);
});

test('a folder of which nothing can be used says why', async () => {
  await writeFiles(join(open.folder, 'videos'), { 'a.mkv': Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0]) });
  const { state } = await importOf(join(open.folder, 'videos'));
  expect(state.error).toMatchObject({ code: 'DATASET_NO_IMAGES', params: { files: 1 } });
  expect(state.error?.message).toMatch(/such as a\.mkv: .*Matroska/);
});

describe('lists', () => {
  test('a CSV gives photos their labels and splits; what is missing is set aside', async () => {
    const photos = join(open.folder, 'photos');
    await writeFiles(photos, {
      'deep/one.jpg': await noisePicture(1),
      'two.jpg': await noisePicture(2),
      'three.jpg': await noisePicture(3),
      'not-listed.jpg': await noisePicture(4),
      'labels.csv':
        'path,label,split\ndeep/one.jpg,cats,train\ntwo.jpg,dogs,test\nthree.jpg,,\ngone.jpg,cats,train\n',
    });
    expect(await importOf(join(photos, 'labels.csv'))).toMatchObject({
      images: 3,
      classes: ['cats', 'dogs'],
      splits: { train: { cats: 1, dogs: 0 }, test: { cats: 0, dogs: 1 } },
      quarantined: [{ path: 'gone.jpg', code: 'IMAGE_MISSING' }],
    });
    expect(await open.client.datasets.summary()).toMatchObject({ unlabelled: 1, splitOrigin: 'folders' });
  });

  test('photos beside and above the list are found, each where it is', async () => {
    const cats = join(open.folder, 'a', 'cats');
    const dogs = join(open.folder, 'b');
    const lists = join(open.folder, 'b', 'lists');
    await mkdir(lists, { recursive: true });
    await writeFiles(cats, { '1.jpg': await noisePicture(1) });
    await writeFiles(dogs, { '1.jpg': await noisePicture(2) });
    await writeFile(join(lists, 'list.csv'), `${join(cats, '1.jpg')},cats\n../1.jpg,dogs\n`);
    const result = await importOf(join(lists, 'list.csv'));
    expect(result).toMatchObject({ images: 2, classes: ['cats', 'dogs'], quarantined: [] });
    const ids = await open.client.datasets.listImages({});
    const paths = (await open.client.datasets.getImages({ ids })).map(({ path }) => path);
    expect(paths.sort()).toEqual(['a/cats/1.jpg', 'b/1.jpg']);
  });

  test('an uploaded list cannot reach files of this machine', async () => {
    const secret = join(open.folder, 'secret.jpg');
    await writeFile(secret, await noisePicture(1));
    const { id } = await open.client.datasets.beginUpload({ name: 'list' });
    await writeFile(join(open.core.context.project().uploadsFolder, id, 'list.csv'), `${secret},cats\n`);
    await open.client.datasets.startImport({ uploads: [id] });
    await open.core.imports.idle();
    expect(await open.client.datasets.importState()).toMatchObject({
      status: 'failed',
      error: { code: 'DATASET_LABELS_INVALID' },
    });
    expect(await open.client.datasets.summary()).toMatchObject({ images: 0 });
  });

  test('a dropped archive is unpacked as well', async () => {
    const { id } = await open.client.datasets.beginUpload({ name: 'pets.zip' });
    const folder = join(open.core.context.project().uploadsFolder, id);
    await writeFile(join(folder, 'pets.zip'), zipOf(toEntries(await classFolders('', { cats: 3, dogs: 3 }))));
    await open.client.datasets.startImport({ uploads: [id] });
    await open.core.imports.idle();
    expect(await open.client.datasets.summary()).toMatchObject({ images: 6 });
    // The archive itself is not needed any more.
    expect(existsSync(folder)).toBe(false);
    expect(uploads()).toHaveLength(1);
  });
});

test('what the camera wrote is kept: date and model', async () => {
  const folder = join(open.folder, 'shots');
  const shot = await sharp(await noisePicture(5))
    .withExif({
      IFD0: { Make: 'Acme', Model: 'Acme X1' },
      IFD2: { DateTimeOriginal: '2026:05:01 10:20:30' },
    })
    .jpeg()
    .toBuffer();
  await writeFiles(folder, { 'a/shot.jpg': shot, 'b/plain.jpg': await noisePicture(6) });
  await importOf(folder);
  const ids = await open.client.datasets.listImages({});
  const rows = await open.client.datasets.getImages({ ids });
  expect(rows.map(({ path, takenAt, camera }) => [path, takenAt, camera])).toEqual([
    ['a/shot.jpg', '2026-05-01T10:20:30', 'Acme X1'],
    ['b/plain.jpg', null, null],
  ]);
  const { exif } = await open.client.labels.details({ id: ids[0] });
  expect(exif).toEqual(
    expect.arrayContaining([
      { name: 'Taken', value: '2026-05-01 10:20:30' },
      { name: 'Camera', value: 'Acme X1' },
    ]),
  );
});
