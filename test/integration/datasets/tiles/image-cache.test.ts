import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type TestContext, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { ImageCache } from '../../../../src-main/datasets/tiles/image-cache.ts';
import { hashBytes, readImageFile } from '../../../../src-main/datasets/photos/image-file.ts';
import { ensureTiles, writeTemporaryPack } from '../../../../src-main/datasets/tiles/tile-store.ts';
import { decodeTile } from '../../../../src-main/datasets/photos/tiles.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { listImageIds } from '../../../../src-main/project/images/photo-lists.ts';
import { createProject, openProject } from '../../../../src-main/project/project.ts';
import { endProjectSession } from '../../../../src-main/services/base/project-session.ts';
import { tilesOfImages } from '../../../../src-main/services/project/image-caches.ts';
import { openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, cornerPicture, noisePicture, writeFiles } from '../../../fixtures/photos/photos.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenslet-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const spec = { size: 10, channels: 1 } as const;
const tile = (value: number): Buffer => Buffer.alloc(100, value);
const batch = (...values: number[]) => values.map((value) => ({ hash: `hash ${value}`, tile: tile(value) }));

/** The value of each tile, read from the pack by its slot as the engine does. */
async function valuesOf(cache: ImageCache, ...values: number[]): Promise<(number | null)[]> {
  const slots = await cache.slots(
    spec,
    values.map((value) => `hash ${value}`),
  );
  const pack = openSync(await cache.tilePack(spec), 'r');
  return Array.from(slots, (slot) => {
    if (slot < 0) return null;
    const bytes = Buffer.alloc(100);
    expect(readSync(pack, bytes, 0, 100, slot * 100)).toBe(100);
    expect(new Set(bytes).size).toBe(1);
    return bytes[0];
  });
}

describe('packs', () => {
  test('tiles and thumbnails come back after reopening', async () => {
    const first = new ImageCache(join(folder, 'cache'));
    await first.addTiles(spec, batch(1, 2));
    await first.addThumbnails([
      { hash: 'a', thumbnail: Buffer.from('one') },
      { hash: 'b', thumbnail: Buffer.from('three') },
    ]);
    await first.close();
    const second = new ImageCache(join(folder, 'cache'));
    await second.addTiles(spec, batch(3));
    expect(await valuesOf(second, 3, 1, 9, 2)).toEqual([3, 1, null, 2]);
    expect((await second.thumbnail('b'))?.toString()).toBe('three');
    expect(await second.thumbnail('c')).toBeNull();
    await second.close();
  });

  test('killed between the bytes and their row: the bytes are overwritten, no row is wrong', async () => {
    const first = new ImageCache(join(folder, 'cache'));
    await first.addTiles(spec, batch(1, 2));
    await first.addThumbnails([{ hash: 'a', thumbnail: Buffer.from('one') }]);
    await first.close();
    // What a process leaves that died after appending and before noting: whole and half records without a row.
    await appendFile(join(folder, 'cache/tiles/10x1/tiles.pack'), Buffer.alloc(250, 77));
    await appendFile(join(folder, 'cache/thumbnails.pack'), 'half a thumb');
    const second = new ImageCache(join(folder, 'cache'));
    await second.addTiles(spec, batch(3, 4));
    await second.addThumbnails([{ hash: 'b', thumbnail: Buffer.from('three') }]);
    expect(await valuesOf(second, 1, 2, 3, 4)).toEqual([1, 2, 3, 4]);
    expect((await second.thumbnail('b'))?.toString()).toBe('three');
    await second.close();
  });

  test('a pack that was cut loses only the records that are gone', async () => {
    const first = new ImageCache(join(folder, 'cache'));
    await first.addTiles(spec, batch(1, 2, 3));
    await first.close();
    await truncate(join(folder, 'cache/tiles/10x1/tiles.pack'), 250);
    const second = new ImageCache(join(folder, 'cache'));
    expect(await valuesOf(second, 1, 2, 3)).toEqual([1, 2, null]);
    await second.addTiles(spec, batch(3));
    expect(await valuesOf(second, 1, 2, 3)).toEqual([1, 2, 3]);
    await second.close();
  });

  test('a damaged index is made anew', async () => {
    await mkdir(join(folder, 'cache'));
    await writeFile(join(folder, 'cache/index.db'), 'this is no database at all'.repeat(400));
    const cache = new ImageCache(join(folder, 'cache'));
    await cache.addTiles(spec, batch(1));
    expect(await valuesOf(cache, 1)).toEqual([1]);
    await cache.close();
  });

  test('one of another version is made anew, one that is cut in the middle too', async () => {
    const path = join(folder, 'cache/index.db');
    const first = new ImageCache(join(folder, 'cache'));
    await first.addTiles(spec, batch(1));
    await first.close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 1');
    database.close();
    const second = new ImageCache(join(folder, 'cache'));
    expect(await valuesOf(second, 1)).toEqual([null]);
    await second.addTiles(spec, batch(2));
    await second.close();
    await truncate(path, 5000);
    const third = new ImageCache(join(folder, 'cache'));
    expect(await valuesOf(third, 2)).toEqual([null]);
    await third.close();
  });

  test('a disk that is full at its opening leaves it whole', async (context) => {
    await withSmallDisk('1m', context, async (disk) => {
      const first = new ImageCache(join(disk, 'cache'));
      await first.addTiles(spec, batch(1, 2));
      await first.close();
      const filling = join(disk, 'filling');
      const full = openSync(filling, 'w');
      expect(() => {
        for (;;) writeSync(full, Buffer.alloc(4096));
      }).toThrow(/ENOSPC/);
      closeSync(full);
      const second = new ImageCache(join(disk, 'cache'));
      // Whether it can be read then is the system's affair; it must only not be thrown away.
      await second.slots(spec, ['hash 1']).catch((error: unknown) => {
        expect(['DISK_FULL', 'FILE_UNWRITABLE']).toContain(AppError.from(error).code);
      });
      await second.close();
      await rm(filling);
      const third = new ImageCache(join(disk, 'cache'));
      expect(await valuesOf(third, 1, 2)).toEqual([1, 2]);
      await third.close();
    });
  });

  test('deleted while it is open: begins anew', async () => {
    const cache = new ImageCache(join(folder, 'cache'));
    await cache.addTiles(spec, batch(1));
    await rm(join(folder, 'cache'), { recursive: true });
    expect(await valuesOf(cache, 1)).toEqual([null]);
    await cache.addTiles(spec, batch(2));
    expect(await valuesOf(cache, 1, 2)).toEqual([null, 2]);
    await cache.close();
  });

  test('many writers at once', async () => {
    const cache = new ImageCache(join(folder, 'cache'));
    const values = Array.from({ length: 60 }, (_, i) => i + 1);
    await Promise.all(values.map((value) => cache.addTiles(spec, batch(value))));
    expect(await valuesOf(cache, ...values)).toEqual(values);
    await cache.close();
  });
});

describe('ensureTiles', () => {
  test('makes what is missing, keeps what is there, tells progress, can be cancelled', async () => {
    const cache = new ImageCache(join(folder, 'cache'));
    const images = [];
    for (let i = 0; i < 40; i++) {
      const path = join(folder, `${i}.jpg`);
      await writeFile(path, await noisePicture(i));
      images.push({ path, hash: hashBytes(readImageFile(path, true).bytes) });
    }
    const rgb = { size: 24, channels: 3 } as const;
    const controller = new AbortController();
    const stopped = ensureTiles(cache, rgb, images, {
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 5) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    const seen: string[] = [];
    const pack = await ensureTiles(cache, rgb, images, {
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    const left = Number(seen[0].split('/')[1]);
    expect(left).toBeLessThanOrEqual(35);
    expect(seen).toHaveLength(left);
    const file = openSync(pack.path, 'r');
    for (const [i, { path }] of images.entries()) {
      const record = Buffer.alloc(24 * 24 * 3);
      readSync(file, record, 0, record.length, pack.slots[i] * record.length);
      expect(record.equals(await decodeTile(path, rgb))).toBe(true);
    }
    const nothing: number[] = [];
    await ensureTiles(cache, rgb, images, { onProgress: (done) => nothing.push(done) });
    expect(nothing).toEqual([]);
    await rm(images[3].path);
    await writeFile(images[4].path, await noisePicture(4000));
    await ensureTiles(cache, rgb, images);
    await expect(ensureTiles(cache, { size: 30, channels: 3 }, images)).rejects.toMatchObject({
      code: 'DATASET_TILES_MISSING',
      params: { count: 2, size: 30 },
    });
    await cache.close();
  });

  test('a temporary pack: the same pixels, errors in their places, gone afterwards', async () => {
    await writeFiles(folder, {
      'a.jpg': await noisePicture(1),
      'b.jpg': 'no picture',
      'c.png': await cornerPicture().png().toBuffer(),
    });
    const rgb = { size: 24, channels: 3 } as const;
    const paths = ['a.jpg', 'b.jpg', 'c.png', 'missing.jpg'].map((name) => join(folder, name));
    const pack = await writeTemporaryPack(join(folder, 'temporary.tiles'), rgb, paths);
    expect([...pack.slots]).toEqual([0, -1, 1, -1]);
    expect(pack.errors.map((error) => error?.code ?? null)).toEqual([
      null,
      'IMAGE_NOT_AN_IMAGE',
      null,
      'IMAGE_MISSING',
    ]);
    const file = openSync(pack.path, 'r');
    const record = Buffer.alloc(24 * 24 * 3);
    readSync(file, record, 0, record.length, record.length);
    expect(record.equals(await decodeTile(paths[2], rgb))).toBe(true);
    await pack.dispose();
    expect(() => openSync(pack.path, 'r')).toThrow('ENOENT');
  });
});

test('an import that is killed, again and again, leaves only whole images; the last one finishes it', async () => {
  const photos = join(folder, 'photos');
  await writeFiles(photos, await classFolders('', { cats: 400, dogs: 400 }));
  const projectFolder = join(folder, 'project');
  createProject(projectFolder, 'killed').close();
  const script = join(import.meta.dirname, '../../../fixtures/import-until-killed.ts');
  let imported = 0;
  for (const after of [60, 260, 300, 30]) {
    const child = spawn(process.execPath, [script, photos, projectFolder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let from: number | null = null;
    for await (const line of createInterface(child.stdout)) {
      if (!/^\d+$/.test(line)) continue;
      from ??= imported;
      if (Number(line) >= from + after) break;
    }
    await wait(after % 7);
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    imported = await checkWhole(projectFolder, imported);
  }
  expect(imported).toBeGreaterThan(200);
  const script2 = execFileSync(process.execPath, [script, photos, projectFolder], { encoding: 'utf8' });
  expect(script2).toMatch(/done\n$/);
  expect(await checkWhole(projectFolder, imported)).toBe(800);
});

/** Every image has its own tile and thumbnail. Returns how many there are. */
async function checkWhole(projectFolder: string, least: number): Promise<number> {
  const project = openProject(projectFolder);
  const rows = findImages(project.database, listImageIds(project.database));
  expect(rows.length).toBeGreaterThanOrEqual(least);
  const made: number[] = [];
  const options = { onProgress: (done: number) => made.push(done) };
  const rgb = { size: 150, channels: 3 } as const;
  const pack = await tilesOfImages(project, rows, rgb, options);
  expect(made).toEqual([]);
  const file = openSync(pack.path, 'r');
  const cache = new ImageCache(project.cacheFolder);
  const record = Buffer.alloc(150 * 150 * 3);
  for (let i = 0; i < rows.length; i += 13) {
    readSync(file, record, 0, record.length, pack.slots[i] * record.length);
    const { bytes } = readImageFile(join(rows[i].sourceRoot, rows[i].path), true);
    expect(record.equals(await decodeTile(bytes, rgb))).toBe(true);
    expect((await cache.thumbnail(rows[i].hash))?.readUInt16BE(0)).toBe(0xffd8);
  }
  await cache.close();
  await endProjectSession(project);
  project.close();
  return rows.length;
}

/** Runs `work` on a disk of this size, or skips the test where none can be made. */
async function withSmallDisk(
  size: string,
  context: TestContext,
  work: (disk: string) => Promise<void>,
): Promise<void> {
  const disk = join(folder, 'small-disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return context.skip('a small disk can only be made by the superuser on Linux');
  }
  try {
    await work(disk);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

test('a full disk: the import says so, and what was saved before is whole', async (context) => {
  await withSmallDisk('24m', context, async (disk) => {
    const photos = join(folder, 'photos');
    await writeFiles(photos, await classFolders('', { cats: 250, dogs: 250 }));
    const { core, client, close } = await openTestCore({ parent: disk });
    const { state } = await core.imports.importPaths([photos]);
    expect(state).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
    const { images } = await client.datasets.summary();
    expect(images).toBeGreaterThan(0);
    expect(images).toBeLessThan(500);
    const project = core.projects.get();
    const rows = findImages(project.database, listImageIds(project.database));
    const pack = await tilesOfImages(project, rows, { size: 150, channels: 3 });
    expect(new Set(pack.slots).size).toBe(images);
    await close();
  });
});
