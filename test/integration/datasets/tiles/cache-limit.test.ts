import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultLimit, excess } from '../../../../src-main/datasets/tiles/cache-limit.ts';
import { ImageCache } from '../../../../src-main/datasets/tiles/image-cache.ts';
import type { TileSpec } from '../../../../src-main/datasets/photos/tiles.ts';
import { treeHash } from '../../../fixtures/tree-hash.ts';

let folder: string;
let caches: ImageCache[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenslet-limit-'));
  caches = [];
});
afterEach(async () => {
  for (const cache of caches) await cache.close();
  await rm(folder, { recursive: true, force: true });
});

const grey = (size: number): TileSpec => ({ size, channels: 1 });
/** As many tiles of a size as make about this many bytes. */
const tiles = ({ size }: TileSpec, bytes: number) =>
  Array.from({ length: Math.floor(bytes / (size * size)) }, (_, i) => ({
    hash: `${size}/${i}`,
    tile: Buffer.alloc(size * size, i),
  }));

function openCache(limit: number | null = null, restMilliseconds = 0): ImageCache {
  const cache = new ImageCache(join(folder, 'cache'), { limit: () => limit, restMilliseconds });
  caches.push(cache);
  return cache;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Fills packs one after the other, so that the first is the one unused for longest. */
async function fill(cache: ImageCache, sizes: readonly number[], bytes: number): Promise<void> {
  for (const size of sizes) {
    await cache.addTiles(grey(size), tiles(grey(size), bytes));
    await pause();
  }
}

const packsOf = async (cache: ImageCache): Promise<string[]> =>
  (await cache.usage()).parts.flatMap(({ name, spec }) => (spec === null ? [] : [name])).sort();

describe('identity of a pack', () => {
  test('stays while slots mean the same, in a folder of its own', async () => {
    const cache = openCache();
    await cache.addTiles(grey(10), tiles(grey(10), 300));
    const first = await cache.tilePackInfo(grey(10));
    expect(first.path).toBe(await cache.tilePack(grey(10)));
    expect(first.path.startsWith(first.folder)).toBe(true);
    expect((await cache.tilePackInfo(grey(20))).id).not.toBe(first.id);
    await writeFile(join(first.folder, 'features'), 'of slots 0–2');
    await cache.addTiles(grey(10), tiles(grey(10), 800));
    await cache.close();
    expect(await openCache().tilePackInfo(grey(10))).toEqual(first);
    expect(existsSync(join(first.folder, 'features'))).toBe(true);
  });

  test.each<[string, (pack: string) => Promise<void>]>([
    ['the pack was cut', (pack) => truncate(join(pack, 'tiles.pack'), 150)],
    ['the pack was deleted', (pack) => rm(join(pack, 'tiles.pack'))],
    ['the identity was deleted', (pack) => rm(join(pack, 'pack.json'))],
    ['the index was deleted', () => rm(join(folder, 'cache/index.db'))],
    ['the pack is another one', (pack) => copyFile(join(folder, 'other.json'), join(pack, 'pack.json'))],
  ])('changes, and what lay beside the tiles is gone, when %s', async (_what, damage) => {
    await writeFile(join(folder, 'other.json'), '{"id":"another"}');
    const cache = openCache();
    await cache.addTiles(grey(10), tiles(grey(10), 300));
    const first = await cache.tilePackInfo(grey(10));
    await writeFile(join(first.folder, 'features'), 'of slots 0–2');
    await cache.close();
    await damage(first.folder);
    const second = await openCache().tilePackInfo(grey(10));
    expect(second.id).not.toBe(first.id);
    expect(readdirSync(second.folder).sort()).toEqual(['pack.json', 'tiles.pack']);
  });

  test('changes when the whole cache is deleted while it is open', async () => {
    const cache = openCache();
    const first = await cache.tilePackInfo(grey(10));
    await rm(join(folder, 'cache'), { recursive: true });
    expect((await cache.tilePackInfo(grey(10))).id).not.toBe(first.id);
  });
});

describe('the limit', () => {
  test('the pack unused for longest goes, with all that lies beside its tiles', async () => {
    const cache = openCache(30_000);
    await fill(cache, [10, 20, 25], 9_000);
    const oldest = join(folder, 'cache/tiles/20x1');
    await writeFile(join(oldest, 'features'), 'of its slots');
    await cache.slots(grey(10), ['10/0']);
    await pause();
    await cache.addTiles(grey(30), tiles(grey(30), 9_000));
    expect(await packsOf(cache)).toEqual(['10x1', '25x1', '30x1']);
    expect(existsSync(oldest)).toBe(false);
    expect([...(await cache.slots(grey(20), ['20/0']))]).toEqual([-1]);
    expect((await cache.tile(grey(10), '10/3'))?.[0]).toBe(3);
    const { bytes, limit } = await cache.usage();
    expect(bytes).toBeLessThanOrEqual(limit);
  });

  test('a pack that grows beyond it stays; the others go', async () => {
    const cache = openCache(10_000);
    await fill(cache, [10, 20], 4_000);
    await cache.addTiles(grey(25), tiles(grey(25), 50_000));
    expect(await packsOf(cache)).toEqual(['25x1']);
    expect((await cache.tile(grey(25), '25/79'))?.[0]).toBe(79);
  });

  test('what is held or was used just now stays, however small the limit', async () => {
    const resting = openCache(100, 60_000);
    await fill(resting, [10, 20], 4_000);
    expect(await resting.keepLimit()).toEqual([]);
    await resting.close();
    const cache = openCache(100);
    const release = cache.hold(grey(10));
    expect(await cache.keepLimit()).toEqual(['20x1']);
    expect(await cache.clear()).toEqual(['thumbnails']);
    expect(await packsOf(cache)).toEqual(['10x1']);
    release();
    release();
    expect(await cache.keepLimit()).toEqual(['10x1']);
  });

  test('one who reads a removed pack reads on', async () => {
    const cache = openCache(100);
    await fill(cache, [10], 4_000);
    const reads = Array.from({ length: 20 }, (_, i) => cache.tile(grey(10), `10/${i}`));
    const [removed, found] = await Promise.all([cache.keepLimit(), Promise.all(reads)]);
    expect(removed).toEqual(['10x1']);
    for (const [i, tile] of found.entries()) expect([undefined, i]).toContain(tile?.[0]);
  });

  test('what an interrupted removal and earlier versions left is cleared away', async () => {
    await mkdir(join(folder, 'cache/tiles/.removed-1234'), { recursive: true });
    await writeFile(join(folder, 'cache/tiles/.removed-1234/tiles.pack'), 'x');
    await writeFile(join(folder, 'cache/tiles/150x3.tiles'), 'x');
    const cache = openCache();
    await cache.addTiles(grey(10), tiles(grey(10), 300));
    expect(readdirSync(join(folder, 'cache/tiles'))).toEqual(['10x1']);
  });

  test('what is not of Lenslet’s making stays, and links lead nowhere', async () => {
    const outside = join(folder, 'outside');
    await mkdir(join(outside, '10x1', 'features'), { recursive: true });
    await writeFile(join(outside, '10x1', 'tiles.pack'), 'x');
    await writeFile(join(outside, '10x1', 'features', 'x.features'), 'x');
    await mkdir(join(outside, '.removed-1234'));
    await mkdir(join(folder, 'cache/tiles/the user’s'), { recursive: true });
    await symlink(join(outside, '10x1'), join(folder, 'cache/tiles/10x1'));
    await symlink(join(outside, '10x1', 'tiles.pack'), join(folder, 'cache/thumbnails.pack'));
    const before = treeHash(outside);
    const first = openCache();
    await fill(first, [10], 4_000);
    await first.addThumbnails([{ hash: 'a', thumbnail: Buffer.from('picture') }]);
    expect(await first.clear()).toEqual(['10x1', 'thumbnails']);
    await first.close();
    expect(readdirSync(join(folder, 'cache/tiles'))).toEqual(['the user’s']);
    await rm(join(folder, 'cache/tiles'), { recursive: true });
    await symlink(outside, join(folder, 'cache/tiles'));
    const second = openCache();
    await fill(second, [10], 4_000);
    expect(await second.clear()).toEqual(['10x1', 'thumbnails']);
    expect(treeHash(outside)).toBe(before);
  });

  test('clearing: what was named goes, and is made again when it is wanted', async () => {
    const cache = openCache(null, 60_000);
    await fill(cache, [10, 20], 4_000);
    await cache.addThumbnails([{ hash: 'a', thumbnail: Buffer.from('picture') }]);
    const release = cache.hold(grey(10));
    expect((await cache.usage()).parts).toMatchObject([
      { name: '10x1', images: 40, inUse: true },
      { name: '20x1', images: 10, inUse: false },
      { name: 'thumbnails', images: 1, bytes: 7, inUse: false },
    ]);
    expect(await cache.clear(['10x1', '20x1', 'thumbnails', 'unknown'])).toEqual(['20x1', 'thumbnails']);
    release();
    expect(await cache.thumbnail('a')).toBeNull();
    await cache.addThumbnails([{ hash: 'b', thumbnail: Buffer.from('other') }]);
    await cache.addTiles(grey(20), tiles(grey(20), 400));
    expect((await cache.thumbnail('b'))?.toString()).toBe('other');
    expect((await cache.usage()).parts).toMatchObject([
      { name: '10x1', images: 40 },
      { name: '20x1', images: 1 },
      { name: 'thumbnails', images: 1, bytes: 5 },
    ]);
  });
});

describe('room on the drive', () => {
  const gigabyte = 1e9;

  test('the limit by default', () => {
    expect(defaultLimit({ total: 1000 * gigabyte, free: 500 * gigabyte }, 0)).toBe(20 * gigabyte);
    expect(defaultLimit({ total: 100 * gigabyte, free: 30 * gigabyte }, 10 * gigabyte)).toBe(10 * gigabyte);
    expect(defaultLimit(null, 0)).toBe(20 * gigabyte);
  });

  test('a drive that gets full asks for room before the limit does', () => {
    const largeAllowed = { total: 1000 * gigabyte, free: 500 * gigabyte };
    expect(excess(5 * gigabyte, 20 * gigabyte, largeAllowed, gigabyte)).toBe(0);
    expect(excess(20 * gigabyte, 20 * gigabyte, largeAllowed, gigabyte)).toBe(gigabyte);
    const full = { total: 1000 * gigabyte, free: 1.5 * gigabyte };
    expect(excess(5 * gigabyte, 20 * gigabyte, full, gigabyte)).toBe(1.5 * gigabyte);
    const small = { total: gigabyte, free: 0.2 * gigabyte };
    expect(excess(0.1 * gigabyte, 0.25 * gigabyte, small, 0.01 * gigabyte)).toBe(0);
  });
});
