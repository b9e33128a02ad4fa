import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  folderStorage,
  removeUnfinished,
  writeFileAtomically,
} from '../../../../src-main/core/files/folder-storage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-storage-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('keeps files in folders made as needed and leaves nothing temporary', async () => {
  const storage = folderStorage(join(folder, 'run'));
  mkdirSync(join(folder, 'run'));
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

it('does not make its own folder again once that has been removed', async () => {
  const storage = folderStorage(join(folder, 'private'));
  for (const name of ['a.bin', 'model/a.bin']) {
    const writing = storage.write(name, Uint8Array.of(1));
    await expect(writing).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
  }
  expect(readdirSync(folder)).toEqual([]);
});

it('reads, writes, lists and removes nothing outside its folder, neither by names nor by links', async () => {
  const [run, outside] = [join(folder, 'run'), join(folder, 'outside')];
  mkdirSync(join(run, 'checkpoint'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.bin'), 'secret');
  symlinkSync(outside, join(run, 'model'));
  symlinkSync(join(outside, 'secret.bin'), join(run, 'checkpoint', 'tensors.bin'));
  const storage = folderStorage(run);
  const refused = { code: 'PATH_OUTSIDE' };
  for (const name of ['../outside/secret.bin', 'checkpoint/../../outside/secret.bin', 'model/secret.bin']) {
    await expect(storage.read(name), name).rejects.toMatchObject(refused);
    await expect(storage.write(name, Uint8Array.of(1)), name).rejects.toMatchObject(refused);
    await expect(storage.remove(name), name).rejects.toMatchObject(refused);
  }
  await expect(storage.list('model')).rejects.toMatchObject(refused);
  await expect(storage.read('checkpoint/tensors.bin')).rejects.toMatchObject(refused);
  await expect(storage.stamp!('checkpoint/tensors.bin')).rejects.toMatchObject(refused);
  expect(readFileSync(join(outside, 'secret.bin'), 'utf8')).toBe('secret');
});

it('writes in place of a link, not through it, whatever lies beside', async () => {
  const target = join(folder, 'target');
  symlinkSync(target, join(folder, 'file'));
  symlinkSync(target, join(folder, `file.${process.pid}.tmp`));
  await writeFileAtomically(join(folder, 'file'), 'new');
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
  expect(existsSync(target)).toBe(false);
});

it('removes what killed writing left, and nothing else, nor anything behind a link', () => {
  const run = join(folder, 'run');
  const elsewhere = join(folder, 'elsewhere');
  for (const path of [run, join(run, 'epochs'), join(run, 'epochs', '1'), elsewhere]) mkdirSync(path);
  const unfinished = ['model.json.4af7af5c.tmp', 'group1-shard1of1.bin.00c0ffee.tmp'];
  const others = ['model.json', 'notes.tmp', 'my.4af7af5c.tmp.txt', 'MODEL.4AF7AF5C.tmp'];
  for (const name of [...unfinished, ...others]) writeFileSync(join(run, 'epochs', '1', name), name);
  writeFileSync(join(run, unfinished[0]), 'half');
  writeFileSync(join(elsewhere, unfinished[0]), 'mine');
  symlinkSync(elsewhere, join(run, 'link'), 'junction');
  symlinkSync(join(elsewhere, unfinished[0]), join(run, 'epochs', unfinished[1]));
  removeUnfinished(run);
  expect(readdirSync(join(run, 'epochs', '1')).sort()).toEqual([...others].sort());
  expect(readdirSync(run).sort()).toEqual(['epochs', 'link']);
  expect(readFileSync(join(elsewhere, unfinished[0]), 'utf8')).toBe('mine');
  removeUnfinished(join(folder, 'nowhere'));
});
