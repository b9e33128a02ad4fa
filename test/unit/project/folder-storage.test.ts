import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderStorage } from '../../../src-main/project/folder-storage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-storage-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('keeps files in folders made as needed and leaves nothing temporary', async () => {
  const storage = folderStorage(join(folder, 'run'));
  expect(await storage.read('model/a.bin')).toBeNull();
  expect(await storage.list('model')).toEqual([]);
  await storage.write('model/a.bin', Uint8Array.of(1, 2));
  await storage.write('model/a.bin', Uint8Array.of(3));
  expect([...(await storage.read('model/a.bin'))!]).toEqual([3]);
  expect(await storage.list('model')).toEqual(['a.bin']);
  await storage.remove('model/a.bin');
  await storage.remove('model/a.bin');
  expect(readdirSync(join(folder, 'run', 'model'))).toEqual([]);
});

it('says which file cannot be written', async () => {
  writeFileSync(join(folder, 'run'), 'a file where a folder should be');
  const writing = folderStorage(join(folder, 'run')).write('a.bin', Uint8Array.of(1));
  await expect(writing).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
});
