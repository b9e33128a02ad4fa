/** Files copied, moved and linked into class folders, and put back. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
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
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeSorting } from '../../../../src-main/services/sorting/describe-sorting.ts';
import { SortSession } from '../../../../src-main/project/sorting/session-database.ts';
import { requireOwnSession } from '../../../../src-main/project/sorting/session-folders.ts';
import {
  applySorting,
  planSorting,
  undoSorting,
} from '../../../../src-main/services/sorting/sorting-steps.ts';
import { type Said, sortingOf, writeFiles } from '../../../fixtures/sorting.ts';

let root = '';
let open: SortSession[] = [];
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'lenslet-sort-'))));
afterEach(() => {
  for (const session of open) session.close();
  open = [];
  rmSync(root, { recursive: true, force: true });
});

const source = (): string => join(root, 'photos');
const out = (): string => join(root, 'sorted');

/** All files below a folder with their content. */
function tree(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

function begin(photos: Record<string, Said>, others: Record<string, string | null> = {}): SortSession {
  writeFiles(source(), { ...Object.fromEntries(Object.keys(photos).map((path) => [path, null])), ...others });
  const session = sortingOf(root, photos);
  open.push(session);
  return session;
}

const cats = { label: 'cats' };

test('keeps names, gives taken ones a number, and takes sidecars along', async () => {
  const session = begin(
    { 'a/IMG_1.JPG': cats, 'b/IMG_1.JPG': cats, 'b/IMG_2.JPG': cats },
    {
      'b/IMG_1.xmp': 'edits',
      'b/IMG_1.JPG.json': 'from the phone',
      'b/IMG_1.CR2': 'raw',
      'b/notes.txt': 'stays',
    },
  );
  writeFiles(out(), { 'cats/img_2.jpg': 'of somebody else' });
  const plan = await planSorting(session, out());
  expect(plan).toMatchObject({ folders: [{ folder: 'cats', photos: 3 }], sidecars: 3, renamed: 2 });
  expect(tree(source())).toHaveProperty('a/IMG_1.JPG');
  await applySorting(session, 'move', out(), {});
  expect(tree(out())).toEqual({
    'cats/IMG_1.JPG': 'a/IMG_1.JPG',
    'cats/IMG_1 (2).JPG': 'b/IMG_1.JPG',
    'cats/IMG_1 (2).xmp': 'edits',
    'cats/IMG_1 (2).JPG.json': 'from the phone',
    'cats/IMG_1 (2).CR2': 'raw',
    'cats/IMG_2 (2).JPG': 'b/IMG_2.JPG',
    'cats/img_2.jpg': 'of somebody else',
  });
  expect(tree(source())).toEqual({ 'b/notes.txt': 'stays' });
});

test.for(['copy', 'move', 'link'] as const)('%s is undone completely', async (by) => {
  const session = begin(
    { 'x/1.jpg': cats, 'y/2.jpg': { label: 'dogs' }, '3.jpg': { label: 'dogs', unknown: 'distance' } },
    { 'x/1.xmp': 'edits' },
  );
  const before = tree(source());
  await applySorting(session, by, out(), {});
  expect(Object.keys(tree(out())).sort()).toEqual([
    '_unknown/3.jpg',
    'cats/1.jpg',
    'cats/1.xmp',
    'dogs/2.jpg',
  ]);
  expect(Object.keys(tree(source()))).toHaveLength(by === 'move' ? 0 : 4);
  if (by === 'link')
    expect(lstatSync(join(out(), 'cats/1.jpg')).ino).toBe(lstatSync(join(source(), 'x/1.jpg')).ino);
  await undoSorting(session, {});
  expect(tree(source())).toEqual(before);
  expect(readdirSync(out())).toEqual([]);
  // And again, as after another look at the review.
  await applySorting(session, by, out(), {});
  expect(describeSorting(session)).toMatchObject({ stage: 'applied', files: { placed: 4, failed: 0 } });
});

test('makes safe folders of any class names, and never one of two', async () => {
  const labels = ['CON', 'a/b', 'cats', 'Cats', 'dots...', 'caf\u00e9', 'cafe\u0301', '..', '_unknown'];
  const photos = Object.fromEntries(labels.map((label, index) => [`${index}.jpg`, { label }]));
  const session = begin({ ...photos, 'x.jpg': { label: 'cats', unknown: 'distance' } });
  await applySorting(session, 'copy', out(), {});
  expect(readdirSync(out()).sort()).toEqual(
    [
      'CON-',
      'a b',
      'cats',
      'Cats (2)',
      'dots',
      'caf\u00e9',
      'caf\u00e9 (2)',
      'class',
      '_unknown',
      '_unknown (2)',
    ].sort(),
  );
});

test('keeps what was changed since, and the last copy of a photo', async () => {
  const session = begin({ '1.jpg': cats, '2.jpg': cats, '3.jpg': cats, '4.jpg': cats });
  await applySorting(session, 'copy', out(), {});
  writeFileSync(join(out(), 'cats/1.jpg'), 'edit');
  rmSync(join(source(), '2.jpg'));
  rmSync(join(out(), 'cats/3.jpg'));
  await undoSorting(session, {});
  expect(tree(out())).toEqual({ 'cats/1.jpg': 'edit', 'cats/2.jpg': '2.jpg' });
  const { files, problems } = describeSorting(session);
  expect(files.kept).toBe(2);
  expect(problems.map(({ path, error }) => [path, error.code]).sort()).toEqual([
    ['1.jpg', 'SORT_PHOTO_CHANGED'],
    ['2.jpg', 'SORT_ORIGINAL_GONE'],
  ]);
  // Once the original is back, the rest is undone too.
  writeFileSync(join(source(), '2.jpg'), '2.jpg');
  await undoSorting(session, {});
  expect(tree(out())).toEqual({ 'cats/1.jpg': 'edit' });
});

test('moves nothing back over another file', async () => {
  const session = begin({ '1.jpg': cats });
  await applySorting(session, 'move', out(), {});
  writeFileSync(join(source(), '1.jpg'), 'a new photo of that name');
  await undoSorting(session, {});
  expect(tree(source())).toEqual({ '1.jpg': 'a new photo of that name' });
  expect(tree(out())).toEqual({ 'cats/1.jpg': '1.jpg' });
});

test.for(['copy', 'move', 'link'] as const)(
  '%s leaves a photo that was changed, and overwrites nothing',
  async (by) => {
    const session = begin({ '1.jpg': cats, '2.jpg': cats, '3.jpg': cats });
    await planSorting(session, out());
    session.update({ stage: 'applying', by, out: out() });
    writeFileSync(join(source(), '1.jpg'), 'changed');
    writeFiles(out(), { 'cats/2.jpg': 'came meanwhile' });
    await applySorting(session, by, out(), {});
    expect(tree(out())).toEqual({ 'cats/2.jpg': 'came meanwhile', 'cats/3.jpg': '3.jpg' });
    expect(describeSorting(session).problems.map(({ error }) => error.code)).toEqual([
      'SORT_PHOTO_CHANGED',
      'SORT_TARGET_EXISTS',
    ]);
  },
);

test('writes through no link, and moves nothing by the record of another machine', async () => {
  const session = begin({ '1.jpg': cats });
  mkdirSync(out());
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), join(out(), 'cats'));
  await applySorting(session, 'copy', out(), {});
  expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  expect(describeSorting(session).problems[0].error.code).toBe('PATH_IS_LINK');
  expect(() => requireOwnSession(join(root, 'settings'), session)).not.toThrow();
  expect(() => requireOwnSession(join(root, 'other settings'), session)).toThrow(/not made by you/);
});

test('sorts in place, where what is in its folder already stays', async () => {
  const session = begin({ 'cats/1.jpg': cats, '1.jpg': cats });
  const plan = await planSorting(session, source());
  expect(plan.inPlace).toBe(1);
  await applySorting(session, 'move', source(), {});
  expect(tree(source())).toEqual({ 'cats/1.jpg': 'cats/1.jpg', 'cats/1 (2).jpg': '1.jpg' });
});

/** Runs a step in a separate process and kills it when so many files are done. */
async function killed(folder: string, step: string, after: number): Promise<void> {
  const script = join(import.meta.dirname, '../../../fixtures/sort-until-killed.ts');
  const child = spawn(process.execPath, [script, folder, step, out()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (Number(/(\d+)\n$/.exec(said)?.[1] ?? 0) >= after) child.kill('SIGKILL');
    });
    child.once('close', () => resolve());
  });
  expect(child.signalCode).toBe('SIGKILL');
}

test.for(['copy', 'move', 'link'] as const)(
  '%s survives kills at any moment, there and back',
  { timeout: 60_000 },
  async (by) => {
    const names = Array.from({ length: 300 }, (_, i) => `d${i % 7}/photo ${i % 40}-${i}.jpg`);
    const session = begin(Object.fromEntries(names.map((name, i) => [name, { label: `class ${i % 3}` }])));
    const before = tree(source());
    const { folder } = session;
    session.close();
    for (const after of [1, 130]) await killed(folder, by, after);
    const again = SortSession.open(folder);
    open.push(again);
    await applySorting(again, by, out(), {});
    expect(describeSorting(again).files).toEqual({ planned: 0, placed: 300, failed: 0, kept: 0 });
    expect(Object.values(tree(out())).sort()).toEqual(Object.values(before).sort());
    expect(Object.keys(tree(source()))).toHaveLength(by === 'move' ? 0 : 300);
    again.close();
    await killed(folder, 'undo', 100);
    const last = SortSession.open(folder);
    open.push(last);
    await undoSorting(last, {});
    expect(tree(source())).toEqual(before);
    expect(tree(out())).toEqual({});
  },
);
