import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTilePack } from '../../../../src-main/datasets/tiles/tile-reader.ts';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-tiles-'));
  path = join(folder, '2x3.tiles');
  // Five records of twelve bytes, each filled with its number.
  writeFileSync(
    path,
    Uint8Array.from({ length: 60 }, (_, index) => Math.floor(index / 12)),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each([true, false])('reads records by slot, whole pack in memory: %s', async (often) => {
  const reader = await openTilePack({ path, size: 2, channels: 3 }, often);
  const into = new Uint8Array(36).fill(99);
  await reader.read([4, 0], into);
  expect([...into.subarray(0, 12)]).toEqual(new Array(12).fill(4));
  expect([...into.subarray(12, 24)]).toEqual(new Array(12).fill(0));
  expect([...into.subarray(24)]).toEqual(new Array(12).fill(99));
  await expect(reader.read([5], into)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await reader.close();
});

it('says when there is no such pack', async () => {
  const opening = openTilePack({ path: join(folder, 'none'), size: 2, channels: 3 }, false);
  await expect(opening).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});
