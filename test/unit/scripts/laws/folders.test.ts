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

test.each(['unit', 'integration'])('the folders of test/%s are those of the sources', (kind) => {
  const tests = filesUnder(`test/${kind}`).filter((file) => file.endsWith('.test.ts'));
  const astray = tests
    .map((file) => file.slice(`test/${kind}/`.length, file.lastIndexOf('/')))
    .filter((folder) => {
      if (folder === '') return true;
      const source = folder.startsWith('renderer/')
        ? folder.replace('renderer/', 'src-renderer/')
        : folder.startsWith('scripts')
          ? folder
          : `src-main/${folder}`;
      return !statSync(join(root, source), { throwIfNoEntry: false })?.isDirectory();
    });
  expect([...new Set(astray)]).toEqual([]);
});
