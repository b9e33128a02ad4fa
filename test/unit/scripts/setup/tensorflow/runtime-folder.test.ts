import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linkRuntime } from '../../../../../scripts/setup/tensorflow/link.mjs';
import {
  describeRuntime,
  isWhole,
  placeRuntime,
  writeDescription,
} from '../../../../../scripts/setup/tensorflow/runtime-folder.mjs';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lenslet-runtime-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const facts = {
  kind: 'gpu',
  tensorflow: '2.18.1',
  addon: '4.22.0',
  platform: 'linux-x64',
  source: 'test',
} as const;

/** A finished runtime with small files in the place of the libraries. */
function makeRuntime(path: string, content = 'library'): string {
  for (const part of ['deps/lib', 'deps/nvidia/cudnn/lib', 'lib/napi-v8'])
    mkdirSync(join(path, part), { recursive: true });
  writeFileSync(join(path, 'deps/lib/libtensorflow_cc.so.2'), content);
  writeFileSync(join(path, 'deps/nvidia/cudnn/lib/libcudnn.so.9'), 'cuda');
  writeFileSync(join(path, 'lib/napi-v8/tfjs_binding.node'), 'addon');
  writeDescription(path, facts);
  return path;
}

const library = (path: string): string => join(path, 'deps', 'lib', 'libtensorflow_cc.so.2');

describe('a runtime in the cache', () => {
  test('says what it is and which folders the engine’s library path needs', () => {
    const path = makeRuntime(join(folder, 'made'));
    expect(describeRuntime(path)).toMatchObject({
      ...facts,
      libraryFolders: [join('deps', 'lib'), join('deps', 'nvidia', 'cudnn', 'lib')],
    });
  });

  test('is whole only with every file at its full size', () => {
    const path = makeRuntime(join(folder, 'made'));
    expect(isWhole(path)).toBe(true);
    truncateSync(library(path), 3);
    expect(isWhole(path)).toBe(false);
    rmSync(library(path));
    expect(isWhole(path)).toBe(false);
    expect(isWhole(join(folder, 'nothing'))).toBe(false);
  });

  test('is not whole with a file whose content has changed at the same size, and is with one that was only touched', () => {
    const path = makeRuntime(join(folder, 'made'));
    const before = new Date(2020, 1, 1);
    utimesSync(library(path), before, before);
    expect(isWhole(path)).toBe(true);
    expect(describeRuntime(path)?.files.map(({ modified }) => modified)).toContain(before.getTime());
    writeFileSync(library(path), 'libraru');
    expect(isWhole(path)).toBe(false);
  });

  test('of an earlier version, without hashes, is hashed once and then compared', () => {
    const path = makeRuntime(join(folder, 'made'));
    const description = describeRuntime(path)!;
    const files = description.files.map(({ path: file, bytes }) => ({ path: file, bytes }));
    writeFileSync(join(path, 'runtime.json'), JSON.stringify({ ...description, files }));
    expect(isWhole(path)).toBe(true);
    expect(describeRuntime(path)).toEqual(description);
    writeFileSync(library(path), 'libraru');
    expect(isWhole(path)).toBe(false);
  });

  test('without its description, which is written last, it is not there', () => {
    const path = makeRuntime(join(folder, 'made'));
    rmSync(join(path, 'runtime.json'));
    expect(isWhole(path)).toBe(false);
  });
});

describe('putting it in its place', () => {
  test('leaves a whole one that another process put there', () => {
    const place = makeRuntime(join(folder, 'place'), 'theirs');
    placeRuntime(makeRuntime(join(folder, 'made'), 'ours'), place);
    expect(readFileSync(library(place), 'utf8')).toBe('theirs');
  });

  test('replaces a damaged one and leaves nothing beside it', () => {
    const place = makeRuntime(join(folder, 'place'), 'damaged');
    truncateSync(library(place), 1);
    placeRuntime(makeRuntime(join(folder, 'made'), 'ours'), place);
    expect(isWhole(place)).toBe(true);
    expect(readFileSync(library(place), 'utf8')).toBe('ours');
    expect(readdirSync(folder)).toEqual(['place']);
  });
});

describe('linking it into node_modules', () => {
  const packages = (modules: string) =>
    ['tfjs-node', 'tfjs-node-gpu'].map((name) => join(modules, '@tensorflow', name));
  const addon = (path: string): string => join(path, 'lib', 'napi-v8', 'tfjs_binding.node');
  let modules: string;

  beforeEach(() => {
    modules = join(folder, 'node_modules');
    for (const path of packages(modules)) mkdirSync(path, { recursive: true });
  });

  test('the processor’s serves one package, the GPU’s both, and going back takes the second away', () => {
    const [plain, gpu] = packages(modules);
    const runtime = makeRuntime(join(folder, 'runtime'));
    linkRuntime(modules, { folder: runtime, kind: 'cpu' });
    expect([existsSync(addon(plain)), existsSync(addon(gpu))]).toEqual([true, false]);
    linkRuntime(modules, { folder: runtime, kind: 'gpu' });
    expect([existsSync(addon(plain)), existsSync(addon(gpu))]).toEqual([true, true]);
    linkRuntime(modules, { folder: runtime, kind: 'cpu' });
    expect([existsSync(addon(plain)), existsSync(addon(gpu))]).toEqual([true, false]);
    linkRuntime(modules, null);
    expect([existsSync(addon(plain)), existsSync(addon(gpu))]).toEqual([false, false]);
    expect(isWhole(runtime)).toBe(true);
  });

  test('another runtime takes the place of the old one', () => {
    linkRuntime(modules, { folder: makeRuntime(join(folder, 'old'), 'old'), kind: 'cpu' });
    linkRuntime(modules, { folder: makeRuntime(join(folder, 'new'), 'new'), kind: 'cpu' });
    expect(readFileSync(library(packages(modules)[0]), 'utf8')).toBe('new');
  });
});
