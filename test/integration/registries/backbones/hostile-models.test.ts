/** Model folders made to read, overwrite or delete what lies elsewhere. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findBackbone } from '../../../../src-main/registries/backbones/index.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { treeHash } from '../../../fixtures/tree-hash.ts';
import { codeOf } from '../../../fixtures/training-core.ts';

let here: TestCore;
/** What must stay as it is: a stranger's files, and the settings around Lenslet's own folder of weights. */
let decoys: string;
let own: string;
beforeEach(async () => {
  here = await openTestCore();
  vi.stubEnv('LENSLET_BACKBONES', '');
  own = join(here.folder, 'settings', 'backbones');
  decoys = join(here.folder, 'decoys');
  mkdirSync(join(decoys, 'photos'), { recursive: true });
  writeFileSync(join(decoys, '.bashrc'), 'mine');
  writeFileSync(join(decoys, 'photos', 'cat.jpg'), 'mine too');
  writeFileSync(join(here.folder, 'settings', 'precious.json'), '{}');
  mkdirSync(own, { recursive: true });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await here.close();
});

function writeModel(folder: string, paths: readonly string[], file = 'model.json'): string {
  mkdirSync(folder, { recursive: true });
  const modelTopology = findBackbone('mobilenet').network({ inputShape: [64, 64, 3], alpha: 1 });
  const weightsManifest = [{ paths, weights: [] }];
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }));
  return path;
}

const add = (folder: string) =>
  here.client.backbones.add({ picks: [here.core.context.pickedPaths.add(folder)] });

async function removeAt(place: string): Promise<unknown> {
  const all = (await here.client.backbones.list()).flatMap(({ file, otherFiles }) => [file, ...otherFiles]);
  const found = all.find((file) => file !== null && join(file.folder, file.name).includes(place));
  return here.client.backbones.remove({ file: found!.id });
}

describe('a model.json that names files elsewhere', () => {
  it.each([
    '../../../decoys/.bashrc',
    '../precious.json',
    'a/../../precious.json',
    '..\\..\\precious.json',
    '/etc/hostname',
    'C:\\Windows\\win.ini',
    '\\\\server\\share\\x',
    '//server/share/x',
    'weights.bin:hidden',
    'nul',
    'a\0b',
    '..',
  ])('is refused when it names %j, and nothing is written', async (path) => {
    const folder = join(here.folder, 'strangers-model');
    writeModel(folder, ['weights.bin', path]);
    writeFileSync(join(folder, 'weights.bin'), 'w');
    const before = treeHash(here.folder);
    expect(await codeOf(add(folder))).toBe('MODEL_FILE_INVALID');
    expect(treeHash(here.folder)).toBe(before);
  });

  it('deletes nothing elsewhere when it lies in Lenslet’s own folder and is removed', async () => {
    // As an earlier version took it in.
    writeModel(join(own, 'bad'), ['../../precious.json', '../../../decoys/.bashrc', 'weights.bin']);
    writeFileSync(join(own, 'bad', 'weights.bin'), 'w');
    writeFileSync(join(own, 'bad', 'notes.txt'), 'the user’s');
    const before = treeHash(decoys);
    const list = await here.client.backbones.list();
    // It is shown with the reason, not offered as a model.
    const shown = list.flatMap(({ file }) => file ?? []);
    expect(shown).toMatchObject([{ removable: true, problem: { code: 'MODEL_FILE_INVALID' } }]);
    await here.client.backbones.remove({ file: shown[0].id });
    expect(treeHash(decoys)).toBe(before);
    expect(existsSync(join(here.folder, 'settings', 'precious.json'))).toBe(true);
  });
});

describe('links in a model folder', () => {
  it('a weight file that is a link to elsewhere is neither copied nor counted', async () => {
    const folder = join(here.folder, 'linked');
    writeModel(folder, ['weights.bin']);
    symlinkSync(join(decoys, '.bashrc'), join(folder, 'weights.bin'));
    expect(await codeOf(add(folder))).toBe('PATH_OUTSIDE');
    expect(readdirSync(own)).toEqual([]);
  });

  it('a folder of weights that is a link to elsewhere is refused', async () => {
    const folder = join(here.folder, 'linked');
    writeModel(folder, ['shards/.bashrc']);
    symlinkSync(decoys, join(folder, 'shards'));
    expect(await codeOf(add(folder))).toBe('PATH_OUTSIDE');
  });

  it('a model that is a link to elsewhere is not taken from a picked folder', async () => {
    const elsewhere = join(here.folder, 'elsewhere');
    writeModel(elsewhere, []);
    const folder = join(here.folder, 'linked');
    mkdirSync(folder);
    symlinkSync(join(elsewhere, 'model.json'), join(folder, 'model.json'));
    expect(await codeOf(add(folder))).toBe('PATH_OUTSIDE');
  });

  it('a weight file that is a link within the folder is copied as a file', async () => {
    const folder = join(here.folder, 'linked');
    writeModel(folder, ['weights.bin']);
    writeFileSync(join(folder, 'real.bin'), 'w');
    symlinkSync('real.bin', join(folder, 'weights.bin'));
    await add(folder);
    expect(readFileSync(join(own, 'linked', 'weights.bin'), 'utf8')).toBe('w');
  });

  it('removing takes links away, not what they lead to', async () => {
    writeModel(join(own, 'a'), ['weights.bin', 'shards/.bashrc']);
    writeFileSync(join(own, 'a', 'weights.bin'), 'w');
    symlinkSync(decoys, join(own, 'a', 'shards'));
    const before = treeHash(decoys);
    await removeAt(join(own, 'a'));
    expect(treeHash(decoys)).toBe(before);
    expect(existsSync(join(own, 'a', 'model.json'))).toBe(false);
  });

  it('a model reached by a link in Lenslet’s own folder cannot be removed there', async () => {
    const elsewhere = join(here.folder, 'elsewhere');
    writeModel(elsewhere, ['weights.bin']);
    writeFileSync(join(elsewhere, 'weights.bin'), 'w');
    symlinkSync(elsewhere, join(own, 'link'));
    const { file } = (await here.client.backbones.list()).find(({ reference }) => reference === 'mobilenet')!;
    expect(file).toMatchObject({ name: 'link', removable: false });
    expect(await codeOf(here.client.backbones.remove({ file: file!.id }))).toBe('BACKBONE_NOT_REMOVABLE');
    expect(readdirSync(elsewhere).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('works when the settings folder itself is reached by a link', async () => {
    const real = realpathSync(join(here.folder, 'settings'));
    rmSync(own, { recursive: true });
    mkdirSync(join(here.folder, 'weights-drive'));
    symlinkSync(join(here.folder, 'weights-drive'), join(real, 'backbones'));
    writeModel(join(here.folder, 'given'), ['weights.bin']);
    writeFileSync(join(here.folder, 'given', 'weights.bin'), 'w');
    await add(join(here.folder, 'given'));
    expect(existsSync(join(here.folder, 'weights-drive', 'given', 'model.json'))).toBe(true);
    await removeAt('given');
    expect(readdirSync(join(here.folder, 'weights-drive'))).toEqual([]);
  });
});

describe('several models in one folder', () => {
  it('removing one leaves the others and the user’s own files', async () => {
    const bunch = join(own, 'bunch');
    writeModel(bunch, ['other.h5', 'sub/weights.bin', 'weights.bin']);
    writeModel(join(bunch, 'sub'), ['weights.bin']);
    writeFileSync(join(bunch, 'weights.bin'), 'first');
    writeFileSync(join(bunch, 'sub', 'weights.bin'), 'second');
    writeFileSync(join(bunch, 'other.h5'), 'another model');
    writeFileSync(join(bunch, 'notes.txt'), 'the user’s');
    const all = (await here.client.backbones.list()).flatMap(({ file, otherFiles }) => [file, ...otherFiles]);
    const first = all.find((file) => file !== null && basename(file.folder) === 'bunch');
    await here.client.backbones.remove({ file: first!.id });
    expect(readdirSync(bunch).sort()).toEqual(['notes.txt', 'other.h5', 'sub']);
    expect(readdirSync(join(bunch, 'sub')).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('adding never takes the place of what is there', async () => {
    mkdirSync(join(own, 'mine'));
    writeFileSync(join(own, 'mine', 'model.json'), 'the user’s');
    symlinkSync(join(decoys, 'nothing'), join(own, 'mine 2'));
    writeModel(join(here.folder, 'mine'), ['model.json', 'weights.bin', './weights.bin']);
    writeFileSync(join(here.folder, 'mine', 'weights.bin'), 'w');
    await add(join(here.folder, 'mine'));
    expect(readFileSync(join(own, 'mine', 'model.json'), 'utf8')).toBe('the user’s');
    expect(readdirSync(join(own, 'mine 3')).sort()).toEqual(['model.json', 'weights.bin']);
    expect(readdirSync(decoys).sort()).toEqual(['.bashrc', 'photos']);
  });
});
