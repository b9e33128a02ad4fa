import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readersOfPaths } from '../../../../scripts/eslint/join-inside.mjs';
import { shown, trees } from '../../../../scripts/laws/folders.mjs';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const foldersOf = (path: string): string[] =>
  readdirSync(join(root, path)).filter((name) => statSync(join(root, path, name)).isDirectory());
const filesUnder = (path: string): string[] =>
  readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );

test('ARCHITECTURE.md shows the table that the linter proves', () => {
  expect(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')).toContain(shown());
});

describe.each(Object.entries(trees))('%s', (tree, folders) => {
  test('every folder and every room stands in the table, and no other', () => {
    expect(
      foldersOf(tree)
        .filter((name) => name !== 'public')
        .sort(),
    ).toEqual(folders.map(({ folder }) => folder).sort());
    for (const { folder, rooms } of folders) {
      if (rooms.length === 1) continue;
      const named = rooms.map(([room]) => room).filter((room) => room !== '');
      expect(foldersOf(`${tree}/${folder}`).sort(), folder).toEqual(named.sort());
    }
  });

  test('no folder holds more than 20 files side by side', () => {
    const counts = new Map<string, number>();
    for (const file of filesUnder(tree)) {
      if (/\/(generated|protos)\//.test(file)) continue;
      const folder = file.slice(0, file.lastIndexOf('/'));
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
  });
});

test('every module that the rule for untrusted paths names is there', () => {
  const named = readersOfPaths.flatMap((path) => {
    const [, head = path, names, end = ''] = /^(.*)\{(.*)\}(.*)$/.exec(path) ?? [];
    return names === undefined ? [path] : names.split(',').map((name) => head + name + end);
  });
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('SQL lies in project/, and in the one file of each cache', () => {
  const own = ['src-main/datasets/tiles/cache-index.ts', 'src-main/analysis/checks/measure/signal-store.ts'];
  const astray = filesUnder('src-main')
    .filter((file) => file.endsWith('.ts') && !file.startsWith('src-main/project/') && !own.includes(file))
    .filter((file) =>
      /\b(SELECT \S|INSERT INTO|DELETE FROM|UPDATE \w+ SET|CREATE TABLE)|database\s*\.(prepare|exec)\(/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
  expect(astray).toEqual([]);
});

/** The folders of the sources, as the folders of tests name them: `renderer/` for `src-renderer/`. */
const sourceOf = (folder: string): string =>
  folder.startsWith('scripts') ? folder : `src-main/${folder}`.replace('src-main/renderer/', 'src-renderer/');
const isFolder = (path: string): boolean =>
  statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
const foldersWithTests = (kind: string): string[] => [
  ...new Set(
    filesUnder(`test/${kind}`)
      .filter((file) => /\.(test|spec)\.ts$/.test(file))
      .map((file) => file.slice(`test/${kind}/`.length, Math.max(0, file.lastIndexOf('/')))),
  ),
];

test.each(['unit', 'integration'])('the folders of test/%s are those of the sources', (kind) => {
  const astray = foldersWithTests(kind).filter((folder) => folder === '' || !isFolder(sourceOf(folder)));
  expect(astray).toEqual([]);
});

test('the folders of test/e2e are the features of the page, app for what holds in all of them, desktop for its host', () => {
  const astray = foldersWithTests('e2e').filter(
    (folder) => !['app', 'desktop'].includes(folder) && !isFolder(`src-renderer/features/${folder}`),
  );
  expect(astray).toEqual([]);
});

/** Rooms without tests in a folder of their own, and where their tests lie instead. */
const testedIn: Readonly<Record<string, string>> = {
  'contract/api': 'integration/hosts/api',
  'services/api': 'integration/hosts/api',
  'contract/engine': 'integration/hosts/engine-process',
  'contract/desktop': 'integration/hosts/electron',
  'project/runs': 'integration/services/training',
  'core/tensorflow': 'integration/engine/graph',
  'engine/lowering': 'integration/engine/graph',
  'datasets/samples': 'integration/services/project',
  'registries/explanations': 'unit/engine/interpretation',
  'services/features': 'integration/services/map',
  'renderer/gallery': 'e2e/app',
  'renderer/shared/components': 'e2e/app',
  'renderer/shared/camera': 'e2e/capture',
  'renderer/features/split': 'e2e/checks',
  'renderer/features/import': 'e2e/train',
};

test('every room of the sources has tests of its own, or stands in the list of those tested elsewhere', () => {
  const tested = ['unit', 'integration', 'e2e'].flatMap((kind) =>
    foldersWithTests(kind).map((folder) => (kind === 'e2e' ? `renderer/features/${folder}` : folder)),
  );
  const rooms = Object.entries(trees).flatMap(([tree, folders]) =>
    folders.flatMap(({ folder, rooms: inside }) =>
      inside.map(([room]) =>
        [tree === 'src-renderer' ? 'renderer' : '', folder, room].filter((part) => part !== '').join('/'),
      ),
    ),
  );
  const untested = rooms.filter((room) => !tested.some((one) => `${one}/`.startsWith(`${room}/`)));
  expect(untested.sort()).toEqual(Object.keys(testedIn).sort());
  const places = ['unit', 'integration', 'e2e'].flatMap((kind) =>
    foldersWithTests(kind).map((folder) => `${kind}/${folder}/`),
  );
  for (const place of Object.values(testedIn))
    expect(
      places.some((one) => one.startsWith(`${place}/`)),
      place,
    ).toBe(true);
});
