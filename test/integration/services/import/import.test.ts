import { chmod, cp, mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportState } from '../../../../src-main/contract/app/datasets.ts';
import { packRanges } from '../../../../src-main/contract/shared/id-ranges.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { readImageFile } from '../../../../src-main/datasets/photos/image-file.ts';
import { ImageCache } from '../../../../src-main/datasets/tiles/image-cache.ts';
import { importTile, runImport } from '../../../../src-main/datasets/import/import-run.ts';
import { findClass } from '../../../../src-main/project/images/classes.ts';
import { listImageIds } from '../../../../src-main/project/images/photo-lists.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { createProject } from '../../../../src-main/project/project.ts';
import { decodeTile } from '../../../../src-main/datasets/photos/tiles.ts';
import { imageCache, tilesOfImages } from '../../../../src-main/services/project/image-caches.ts';
import { asOrdinaryUser } from '../../../fixtures/ordinary-user.ts';
import { classFolders, cornerPicture, noisePicture, writeFiles } from '../../../fixtures/photos/photos.ts';

let open: TestCore;
let photos: string;
beforeEach(async () => {
  open = await openTestCore();
  photos = join(open.folder, 'photos');
  await mkdir(photos);
});
afterEach(() => open.close());

const importFolder = (...paths: string[]) =>
  open.core.imports.importPaths(paths.length > 0 ? paths : [photos]);

/** Paths of all images, with class and split names. */
async function listed(): Promise<Record<string, string>> {
  const { client } = open;
  const { classes } = await client.datasets.summary();
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const images = await client.datasets.getImages({ ids: await client.datasets.listImages({}) });
  return Object.fromEntries(
    images.map(({ path, classId, split }) => [path, `${split ?? '-'}/${names.get(classId ?? -1) ?? '-'}`]),
  );
}

/** Every file below a folder with its size, date and content. */
async function fingerprint(folder: string): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs, mode } = await stat(path);
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    result[path] = `${size} ${mtimeMs} ${mode} ${hash}`;
  }
  return result;
}

describe('training tiles', () => {
  test('the size that training will want next is made in the same go, where the picture is large enough', async () => {
    await writeFiles(photos, {
      'cats/large.jpg': await noisePicture(1, 400, 300),
      'dogs/small.png': await cornerPicture(64, 48).png().toBuffer(),
    });
    const project = createProject(join(open.folder, 'ahead'), 'Ahead');
    const cache = new ImageCache(project.cacheFolder);
    try {
      const nextTile = { size: 224, channels: 3 } as const;
      const quiet = { counting() {}, counted() {}, item() {}, written() {} };
      await runImport(project, cache, [{ kind: 'folder', root: photos }], quiet, { nextTile });
      const made: Record<string, boolean[]> = {};
      for (const { path, hash } of findImages(project.database, listImageIds(project.database))) {
        made[path] = [await cache.has(importTile, hash), await cache.has(nextTile, hash)];
      }
      expect(made).toEqual({ 'cats/large.jpg': [true, true], 'dogs/small.png': [true, false] });
    } finally {
      await cache.close();
      project.close();
    }
  });
});

describe('what is imported', () => {
  test('split folders: counts, classes in order, the split noted as from the folders, originals untouched', async () => {
    await writeFiles(photos, {
      ...(await classFolders('train/', { dogs: 5, cats: 4 })),
      ...(await classFolders('Valid/', { cats: 2, dogs: 2 })),
      ...(await classFolders('test/', { cats: 3 })),
    });
    const before = await fingerprint(photos);
    const result = await importFolder();
    expect(result).toMatchObject({
      images: 16,
      classes: ['cats', 'dogs'],
      splits: { train: { cats: 4, dogs: 5 }, validation: { cats: 2, dogs: 2 }, test: { cats: 3, dogs: 0 } },
      quarantined: [],
      state: { status: 'done', added: 16, known: 0, error: null },
    });
    expect(await open.client.datasets.summary()).toMatchObject({
      splitOrigin: 'folders',
      unassigned: 0,
      unlabelled: 0,
    });
    expect(await fingerprint(photos)).toEqual(before);
  });

  test('class folders without splits: a seeded, stratified split is drawn and stored', async () => {
    await writeFiles(photos, await classFolders('', { cats: 20, dogs: 10, owls: 3 }));
    const { splits } = await importFolder();
    expect(splits).toEqual({
      train: { cats: 14, dogs: 7, owls: 1 },
      validation: { cats: 3, dogs: 2, owls: 1 },
      test: { cats: 3, dogs: 1, owls: 1 },
    });
    expect(await open.client.datasets.summary()).toMatchObject({ splitOrigin: 'seeded', splitSeed: 1 });
    const first = await listed();
    await open.client.datasets.makeSplit({
      fractions: { train: 0.5, validation: 0.25, test: 0.25 },
      seed: 9,
    });
    expect(await listed()).not.toEqual(first);
    await open.client.datasets.makeSplit({
      fractions: { train: 0.7, validation: 0.15, test: 0.15 },
      seed: 1,
    });
    expect(await listed()).toEqual(first);
  });

  test('later images join a drawn split without moving others; a copy goes where its twin is', async () => {
    await writeFiles(photos, await classFolders('', { cats: 20, dogs: 20 }));
    await importFolder();
    const before = await listed();
    const twin = Object.keys(before).find((path) => before[path] === 'test/cats')!;
    for (let i = 0; i < 10; i++)
      await writeFiles(photos, { [`cats/new-${i}.jpg`]: await noisePicture(5000 + i) });
    await writeFiles(photos, { 'cats/twin.jpg': readFileSync(join(photos, twin)) });
    await importFolder();
    const after = await listed();
    expect(after).toMatchObject(before);
    expect(after['cats/twin.jpg']).toBe('test/cats');
    expect(await open.client.datasets.summary()).toMatchObject({ images: 51, unassigned: 0 });
  });

  test('several folders of loose photos side by side are classes', async () => {
    await writeFiles(photos, await classFolders('', { cats: 3, dogs: 3 }));
    const result = await importFolder(join(photos, 'cats'), join(photos, 'dogs'));
    expect(result).toMatchObject({ images: 6, classes: ['cats', 'dogs'] });
  });

  test('names in any script; the same name in two Unicode forms is one class', async () => {
    await writeFiles(photos, {
      ...(await classFolders('train/', { кот: 2, 'caf\u00e9': 2 })),
      ...(await classFolders('test/', { 'cafe\u0301': 1 })),
      'train/кот/猫 №1 – ñandú.jpg': await noisePicture(900),
    });
    const { classes, splits } = await importFolder();
    expect(classes).toEqual(['caf\u00e9', 'кот']);
    expect(splits).toMatchObject({ train: { кот: 3 }, test: { 'caf\u00e9': 1 } });
  });

  test('order does not depend on which photo is ready first', async () => {
    const large = await cornerPicture(3000, 2000).png().toBuffer();
    const files = await classFolders('', { cats: 30, dogs: 2 });
    await writeFiles(photos, { ...files, 'cats/a-large.png': large });
    await importFolder();
    const paths = Object.keys(await listed());
    expect(paths).toEqual([...paths].sort());
    expect(paths[0]).toBe('cats/a-large.png');
  });

  test('the same photo in two places is two images', async () => {
    const photo = await noisePicture(1);
    await writeFiles(photos, { 'cats/a.jpg': photo, 'cats/b.jpg': photo, 'dogs/c.jpg': photo });
    expect(await importFolder()).toMatchObject({ images: 3, state: { added: 3, known: 0 } });
  });

  test('links in a circle', async () => {
    await writeFiles(photos, await classFolders('', { cats: 2, dogs: 2 }));
    await symlink(photos, join(photos, 'cats', 'round'));
    expect(await importFolder()).toMatchObject({ images: 4 });
  });
});

describe('what cannot be used', () => {
  test('is quarantined with a reason, shown with a remedy, and released when it is mended', async () => {
    const good = await cornerPicture(300, 200).jpeg().toBuffer();
    await writeFiles(photos, {
      ...(await classFolders('', { cats: 2, dogs: 2 })),
      'cats/cut.jpg': good.subarray(0, good.length - 300),
      'cats/empty.jpg': '',
      'cats/page.jpg': '<html><body>404</body></html>',
      'cats/notes.txt': 'not meant to be an image',
      'cats/Thumbs.db': 'left behind',
      'dogs/video.mp4': '\0\0\0\x18ftypisom\0\0\0\0',
    });
    const result = await importFolder();
    expect(result.images).toBe(4);
    expect(result.quarantined).toEqual([
      { path: 'cats/cut.jpg', code: 'IMAGE_TRUNCATED' },
      { path: 'cats/empty.jpg', code: 'IMAGE_EMPTY' },
      { path: 'cats/page.jpg', code: 'IMAGE_NOT_AN_IMAGE' },
      { path: 'dogs/video.mp4', code: 'IMAGE_FORMAT_UNSUPPORTED' },
    ]);
    expect((await open.client.datasets.quarantine())[2]).toEqual({
      path: 'cats/page.jpg',
      code: 'IMAGE_NOT_AN_IMAGE',
      message: 'The file is not an image (an HTML page).',
      remedy: 'Remove the file, or replace it with the real image.',
    });
    await writeFile(join(photos, 'cats/cut.jpg'), good);
    const again = await importFolder();
    expect(again).toMatchObject({ images: 5, state: { added: 1, known: 4 } });
    expect((await open.client.datasets.quarantine()).map(({ path }) => path)).not.toContain('cats/cut.jpg');
  });

  test.skipIf(process.platform !== 'linux')(
    'names that are no text, and pipes, are told as that',
    async () => {
      await writeFiles(photos, await classFolders('', { cats: 2, dogs: 2 }));
      const [ready] = Object.values(await classFolders('', { cats: 1 }));
      const odd = Buffer.concat([
        Buffer.from(`${photos}/cats/K`),
        Buffer.from([0xe4]),
        Buffer.from('fer.jpg'),
      ]);
      await writeFile(odd, ready);
      await mkdir(Buffer.concat([Buffer.from(`${photos}/V`), Buffer.from([0xf6]), Buffer.from('gel')]));
      const { images, quarantined } = await importFolder();
      expect(images).toBe(4);
      expect(quarantined.map(({ code }) => code)).toEqual(['IMAGE_UNREADABLE', 'IMAGE_UNREADABLE']);
      const [first] = await open.client.datasets.quarantine();
      expect(first.message).toContain('not in UTF-8');

      const pipe = join(open.folder, 'pipe.jpg');
      execFileSync('mkfifo', [pipe]);
      expect(() => readImageFile(pipe, true)).toThrow(expect.objectContaining({ code: 'IMAGE_UNREADABLE' }));
    },
  );

  test('files and folders that may not be read', async (context) => {
    if (process.platform === 'win32') return context.skip('Windows has other permissions');
    await writeFiles(photos, { ...(await classFolders('', { cats: 2, dogs: 2 })), 'owls/1.jpg': 'x' });
    await chmod(join(photos, 'cats', 'cats-0.jpg'), 0);
    await chmod(join(photos, 'owls'), 0);
    for (const folder of [open.folder, photos, join(photos, 'cats'), join(photos, 'dogs')])
      await chmod(folder, 0o755);
    // The project belongs to the superuser when the tests run as one; only the photos may not be read.
    const project = open.core.projects.get();
    expect(project.folder).toContain(open.folder);
    await asOrdinaryUser(async () => {
      const result = await importFolder();
      expect(result.quarantined).toEqual([
        { path: 'cats/cats-0.jpg', code: 'IMAGE_UNREADABLE' },
        { path: 'owls', code: 'IMAGE_UNREADABLE' },
      ]);
    });
    await chmod(join(photos, 'owls'), 0o755);
  });

  test('a folder without images says what was expected and how much was looked at', async () => {
    await writeFiles(photos, { 'a/readme.txt': 'words', 'b/broken.jpg': 'words' });
    const { state } = await importFolder();
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'DATASET_NO_IMAGES', params: { files: 2 } },
    });
    expect(state.error?.remedy).toContain('one folder per class');
  });

  test('an empty folder, and one that is not there', async () => {
    expect((await importFolder()).state.error).toMatchObject({
      code: 'DATASET_NO_IMAGES',
      params: { files: 0 },
    });
    expect((await importFolder(join(photos, 'gone'))).state.error?.code).toBe('DATASET_SOURCE_NOT_FOUND');
  });

  test('one class only: the images stay, with a warning', async () => {
    await writeFiles(photos, await classFolders('', { cats: 3 }));
    const { state, images } = await importFolder();
    expect(images).toBe(3);
    expect(state).toMatchObject({
      status: 'done',
      error: { code: 'DATASET_ONE_CLASS', params: { name: 'cats' } },
    });
    await writeFiles(photos, await classFolders('', { dogs: 3 }));
    expect((await importFolder()).state).toMatchObject({ status: 'done', error: null });
  });

  test('a broken idx file ends the import before any of its images', async () => {
    await writeFiles(photos, {
      'train-images-idx3-ubyte': 'nonsense',
      'train-labels-idx1-ubyte': 'nonsense',
    });
    const { state, images } = await importFolder();
    expect(images).toBe(0);
    expect(state.error?.code).toBe('DATASET_IDX_INVALID');
  });
});

describe('again', () => {
  test('nothing is read that has not changed; what changed is; a touched file keeps its place', async () => {
    await writeFiles(photos, await classFolders('', { cats: 3, dogs: 3 }));
    await importFolder();
    const before = await listed();
    // Other bytes under the same size and date: that nobody notices shows that nobody reads them.
    const path = join(photos, 'dogs/dogs-0.jpg');
    const { size, atime, mtime } = await stat(path);
    await utimes(path, atime, mtime);
    await importFolder();
    await writeFile(path, Buffer.alloc(size));
    await utimes(path, atime, mtime);
    expect((await importFolder()).state).toMatchObject({ added: 0, known: 6, quarantined: 0 });
    await utimes(join(photos, 'cats/cats-0.jpg'), new Date(), new Date());
    await writeFile(join(photos, 'cats/cats-1.jpg'), await cornerPicture(50, 40).png().toBuffer());
    expect((await importFolder()).state).toMatchObject({ added: 1, known: 5 });
    expect(await listed()).toEqual(before);
    const { datasets } = open.client;
    const [changed] = await datasets.getImages({ ids: await datasets.listImages({ text: 'cats-1' }) });
    expect(changed).toMatchObject({ width: 50, height: 40, format: 'png' });
  });

  test('another copy of the dataset is known by its content, also inside another folder', async () => {
    const files = await classFolders('train/', { cats: 3, dogs: 3 });
    await writeFiles(photos, files);
    await importFolder();
    const copy = join(open.folder, 'copy');
    await writeFiles(join(copy, 'pets'), files);
    expect((await importFolder(copy)).state).toMatchObject({ added: 0, known: 6 });
    expect((await open.client.datasets.summary()).images).toBe(6);
  });

  test('new photos among known ones get the tiles of their own content', async () => {
    const files = await classFolders('train/', { cats: 4, dogs: 4 });
    await writeFiles(photos, files);
    await importFolder();
    const copy = join(open.folder, 'copy');
    const names = ['cats/cats-0b.jpg', 'cats/cats-1b.jpg', 'cats/cats-1c.jpg', 'dogs/a.jpg', 'dogs/z.jpg'];
    const more = await Promise.all(names.map((_, seed) => noisePicture(100 + seed, 90, 70)));
    await writeFiles(copy, files);
    await writeFiles(join(copy, 'train'), Object.fromEntries(names.map((name, i) => [name, more[i]])));
    expect((await importFolder(copy)).state).toMatchObject({ added: names.length, known: 8 });
    const cache = imageCache(open.core.context.project());
    for (const bytes of more) {
      const tile = await cache.tile(importTile, createHash('sha256').update(bytes).digest('hex'));
      expect(tile?.equals(await decodeTile(bytes, importTile))).toBe(true);
    }
  });

  test('a folder that was moved: its photos are found at the new place, with their labels and splits', async () => {
    await writeFiles(photos, await classFolders('', { cats: 10, dogs: 10 }));
    await importFolder();
    const { client, core } = open;
    const ids = await client.datasets.listImages({});
    const [relabelled] = await client.datasets.listImages({ text: 'cats-3' });
    const { classes } = await client.datasets.summary();
    const dogs = classes.find(({ name }) => name === 'dogs')!.id;
    await client.labels.apply({ kind: 'label', images: packRanges([relabelled]), classId: dogs });
    const before = await listed();
    const moved = join(open.folder, 'elsewhere');
    await rename(photos, moved);
    await rm(core.projects.get().cacheFolder, { recursive: true });
    const picture = async () => (await core.media(new Request(`http://x/media/picture/${ids[0]}`))).status;
    expect(await picture()).toBe(404);

    expect((await importFolder(moved)).state).toMatchObject({ added: 0, known: 20, quarantined: 0 });
    expect(await client.datasets.listImages({})).toEqual(ids);
    expect(await listed()).toEqual(before);
    expect(await picture()).toBe(200);
    const { database } = core.projects.get();
    const pack = await tilesOfImages(core.projects.get(), findImages(database, ids), {
      size: 40,
      channels: 3,
    });
    expect(pack.slots).toHaveLength(20);
    // Now they belong there: nothing is read again, and a copy is only a copy.
    const copy = join(open.folder, 'copy');
    await cp(moved, copy, { recursive: true });
    expect((await importFolder(copy)).state).toMatchObject({ added: 0, known: 20 });
    expect(findImages(database, ids).every(({ sourceRoot }) => sourceRoot === moved)).toBe(true);
  });

  test('cancelled and resumed: what was imported stays, the rest follows', async () => {
    await writeFiles(photos, await classFolders('', { cats: 150, dogs: 150 }));
    const controller = new AbortController();
    const states: ImportState[] = [];
    const cancelled = await open.core.imports.importPaths([photos], {
      signal: controller.signal,
      onProgress: (state) => {
        states.push(state);
        if (state.progress.done >= 20) controller.abort();
      },
    });
    expect(cancelled.state).toMatchObject({ status: 'cancelled', error: null });
    const kept = (await open.client.datasets.summary()).images;
    expect(kept).toBe(cancelled.state.added);
    expect(kept).toBeGreaterThanOrEqual(20);
    expect(kept).toBeLessThan(300);
    expect(states[0]).toMatchObject({ status: 'running', progress: { phase: 'scanning' } });
    const resumed = await importFolder();
    expect(resumed).toMatchObject({ images: 300, state: { status: 'done', added: 300 - kept, known: kept } });
    expect(resumed.splits).toMatchObject({ train: { cats: 105, dogs: 105 } });
  });

  test('a class that is removed meanwhile does not end it', async () => {
    await writeFiles(photos, await classFolders('', { cats: 300, dogs: 5 }));
    const { client } = open;
    const removing: Promise<unknown>[] = [];
    const { state, images, classes } = await open.core.imports.importPaths([photos], {
      onProgress: ({ progress }) => {
        const cats = progress.done > 0 ? findClass(open.core.projects.get().database, 'cats') : null;
        if (removing.length > 0 || cats === null) return;
        removing.push(client.labels.apply({ kind: 'class-delete', classId: cats }));
      },
    });
    expect(removing).toHaveLength(1);
    await Promise.all(removing);
    expect(state).toMatchObject({ status: 'done', error: null });
    expect({ images, classes }).toEqual({ images: 305, classes: ['cats', 'dogs'] });
  });

  test('a second import has to wait; closing the project ends the first cleanly', async () => {
    await writeFiles(photos, await classFolders('', { cats: 60, dogs: 60 }));
    const { client, core } = open;
    const pick = core.context.pickedPaths.add(photos);
    await client.datasets.startImport({ picks: [pick] });
    await expect(client.datasets.startImport({ picks: [pick] })).rejects.toMatchObject({
      code: 'DATASET_IMPORT_RUNNING',
    });
    const { location } = (await client.projects.current())!;
    await client.projects.close({ interrupt: true });
    await core.projects.openFolder(location);
    expect((await importFolder()).images).toBe(120);
  });

  test('progress tells total, rate and time left', async () => {
    await writeFiles(photos, await classFolders('', { cats: 200, dogs: 200 }));
    const states: ImportState[] = [];
    await open.core.imports.importPaths([photos], { onProgress: (state) => states.push(state) });
    const reading = states.filter(({ progress }) => progress.phase === 'reading' && progress.rate > 0);
    expect(reading.length).toBeGreaterThan(0);
    for (const { progress } of reading) {
      expect(progress.total).toBe(400);
      expect(progress.secondsLeft).not.toBeNull();
    }
    expect(states.at(-1)).toMatchObject({ status: 'done', progress: { done: 400, total: 400 } });
  });
});

describe('when the ground goes', () => {
  test('the source vanishes: the import ends and says so, what was read stays', async () => {
    await writeFiles(photos, await classFolders('', { cats: 200, dogs: 200 }));
    let moved = false;
    const { state } = await open.core.imports.importPaths([photos], {
      onProgress: ({ progress }) => {
        if (moved || progress.done < 10) return;
        moved = true;
        void rename(photos, `${photos}-unplugged`);
      },
    });
    expect(state).toMatchObject({ status: 'failed', error: { code: 'DATASET_SOURCE_NOT_FOUND' } });
    const { images, quarantined } = await open.client.datasets.summary();
    expect(images).toBe(state.added);
    expect(quarantined).toBeLessThan(40);
  });

  test('the project folder vanishes: the import ends and says so', async () => {
    await writeFiles(photos, await classFolders('', { cats: 200, dogs: 200 }));
    const { folder } = open.core.projects.get();
    let removed = false;
    const { state } = await open.core.imports.importPaths([photos], {
      onProgress: ({ progress }) => {
        if (removed || progress.done < 10) return;
        removed = true;
        void rm(folder, { recursive: true, force: true });
      },
    });
    expect(state).toMatchObject({ status: 'failed', error: { code: 'PROJECT_GONE' } });
  });

  test('the cache is deleted in the middle: the import goes on', async () => {
    await writeFiles(photos, await classFolders('', { cats: 200, dogs: 200 }));
    const { cacheFolder } = open.core.projects.get();
    let removed = false;
    const { state, images } = await open.core.imports.importPaths([photos], {
      onProgress: ({ progress }) => {
        if (removed || progress.done < 260) return;
        removed = true;
        void rm(cacheFolder, { recursive: true, force: true });
      },
    });
    expect(state).toMatchObject({ status: 'done', error: null });
    expect(images).toBe(400);
  });
});
