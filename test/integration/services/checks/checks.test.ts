import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checks } from '../../../../src-main/analysis/checks/index.ts';
import type { AppEvent } from '../../../../src-main/contract/app/app.ts';
import { unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import { checkIds } from '../../../../src-main/hosts/cli/ids/check-ids.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { lenslet } from '../../../fixtures/command-line.ts';
import { type Planted, spoilPhotos } from '../../../fixtures/photos/spoiled-photos.ts';

let open: TestCore;
let planted: Planted;
beforeAll(async () => {
  open = await openTestCore();
  const folder = join(open.folder, 'photos');
  planted = await spoilPhotos(folder);
  await open.core.imports.importPaths([folder]);
  const run = await open.core.checks.runToEnd([]);
  expect(run).toMatchObject({ status: 'done', error: null });
});
afterAll(() => open.close());

const client = (): TestCore['client'] => open.client;
const pathsOf = async (ids: number[]): Promise<string[]> =>
  (await client().datasets.getImages({ ids })).map(({ path }) => path);

/** The photos of each finding of a check. */
async function found(check: string): Promise<string[][]> {
  const { findings } = await client().checks.findings({ check, limit: 1000 });
  return Promise.all(findings.map(async ({ sample, paths }) => [...(await pathsOf(sample)), ...paths]));
}
const sorted = (groups: readonly (readonly string[])[]): string[][] =>
  groups.map((group) => [...group].sort()).sort((a, b) => (a[0] < b[0] ? -1 : 1));

describe('each check finds what was planted, and nothing else', () => {
  test('exact duplicates', async () => {
    expect(sorted(await found('exact-duplicates'))).toEqual(sorted([planted.exact]));
  });

  test('near-duplicates: saved again, cropped, mirrored, darkened, brightened, squeezed', async () => {
    const groups = sorted(await found('near-duplicates'));
    for (const pair of [...planted.near, planted.conflict]) expect(groups).toContainEqual([...pair].sort());
    const originals = ['blurred', 'dark', 'white', 'long', 'tiny', 'grey'];
    for (const group of groups) {
      const isPlanted = [...planted.near, planted.conflict].some((pair) =>
        pair.every((path) => group.includes(path)),
      );
      const isChanged = group.some((path) => originals.some((name) => path.includes(name)));
      expect([group, isPlanted || isChanged]).toEqual([group, true]);
    }
  });

  test('duplicates with different labels', async () => {
    expect(sorted(await found('conflicting-labels'))).toEqual(sorted([planted.conflict]));
  });

  test.each<[string, keyof Planted]>([
    ['blur', 'blurred'],
    ['dark', 'dark'],
    ['overexposed', 'white'],
    ['odd-aspect', 'long'],
    ['tiny', 'tiny'],
    ['grey-among-colour', 'grey'],
    ['unreadable', 'broken'],
  ])('%s', async (check, what) => {
    expect(await found(check)).toEqual([[planted[what]]]);
  });

  test('every check has words for people, and the command line knows its id', async () => {
    expect(checkIds).toEqual(checks.map(({ id }) => id));
    for (const info of await client().checks.list()) {
      expect(info.explanation).toMatch(/\w{3}.*\.$/);
      const needs = ['label-errors', 'outliers'].includes(info.id);
      expect([info.id, info.status]).toEqual([info.id, needs ? 'unavailable' : 'fresh']);
    }
  });
});

describe('fixes', () => {
  test('are previewed, done as one edit, seen to be done, and undone', async () => {
    const { edit, preview } = await client().checks.previewFix({ check: 'exact-duplicates' });
    expect(edit).toMatchObject({ kind: 'exclude' });
    expect(preview).toMatchObject({ sentence: 'Excluded 1 photo.', images: 1 });
    expect(await client().datasets.summary()).toMatchObject({ excluded: 0 });
    await client().checks.applyFix({ check: 'exact-duplicates' });
    expect(await client().datasets.summary()).toMatchObject({ excluded: 1 });
    await open.core.checks.idle();
    expect(await found('exact-duplicates')).toEqual([]);
    await client().labels.undo();
    expect(await client().datasets.summary()).toMatchObject({ excluded: 0 });
    expect((await client().checks.list()).find(({ id }) => id === 'exact-duplicates')).toMatchObject({
      status: 'stale',
    });
    await open.core.checks.runToEnd(['exact-duplicates']);
    expect(await found('exact-duplicates')).toHaveLength(1);
  });

  test('a leak planted on purpose is found and mended by one click', async () => {
    const ids = [...unpackIds((await client().labels.list({})).ids)];
    const paths = await pathsOf(ids);
    const idOf = (path: string): number => ids[paths.indexOf(path)];
    const [original, copy] = planted.near[0].map(idOf);
    await client().labels.apply({ kind: 'split', images: String(original), split: 'train' });
    const warned = await client().labels.preview({ kind: 'split', images: String(copy), split: 'test' });
    expect(warned.warnings).toHaveLength(1);
    await client().labels.apply({ kind: 'split', images: String(copy), split: 'test' });
    await open.core.checks.runToEnd(['split-leakage']);
    const { findings } = await client().checks.findings({ check: 'split-leakage' });
    const leak = findings.find(({ sample }) => sample.includes(copy));
    expect(leak).toMatchObject({ severity: 'error', fixable: true });
    await client().checks.applyFix({ check: 'split-leakage' });
    await open.core.checks.idle();
    expect(await found('split-leakage')).toEqual([]);
    const rows = await client().datasets.getImages({ ids: [original, copy] });
    expect(rows[0].split).toBe(rows[1].split);
  });

  test('a new split keeps near-duplicates together whatever the seed', async () => {
    const ids = [...unpackIds((await client().labels.list({})).ids)];
    const paths = await pathsOf(ids);
    for (let seed = 1; seed <= 10; seed++) {
      await client().labels.makeSplit({ fractions: { train: 0.5, validation: 0.2, test: 0.3 }, seed });
      const rows = await client().datasets.getImages({ ids });
      const splitOf = (path: string): string | null => rows[paths.indexOf(path)].split;
      for (const [a, b] of [planted.exact, planted.conflict, ...planted.near]) {
        expect([seed, a, splitOf(a)]).toEqual([seed, a, splitOf(b)]);
      }
    }
    await open.core.checks.runToEnd(['split-leakage']);
    expect(await found('split-leakage')).toEqual([]);
  });

  test('a finding put aside stays aside when the check runs again', async () => {
    await open.core.checks.runToEnd(['tiny']);
    const { findings } = await client().checks.findings({ check: 'tiny' });
    await client().labels.apply({ kind: 'dismiss', keys: findings.map(({ key }) => key), dismissed: true });
    // Putting aside is no change of the photos: the answer is still the answer.
    expect((await client().checks.list()).find(({ id }) => id === 'tiny')?.status).toBe('fresh');
    await open.core.checks.runToEnd(['tiny']);
    expect(await found('tiny')).toEqual([]);
    expect(await client().checks.findings({ check: 'tiny', dismissed: true })).toMatchObject({ total: 1 });
    expect((await client().checks.list()).find(({ id }) => id === 'tiny')).toMatchObject({
      findings: 0,
      dismissed: 1,
    });
  });
});

test('progress is told, a second run is refused, and a cancel keeps what is finished', async () => {
  rmSync(join(open.core.context.project().cacheFolder), { recursive: true, force: true });
  const heard: Extract<AppEvent, { type: 'checks' }>[] = [];
  const stop = open.core.context.events.on((event) => {
    if (event.type === 'checks') heard.push(event);
  });
  const running = open.core.checks.runToEnd(['too-few-photos', 'near-duplicates']);
  await expect(client().checks.run({})).rejects.toMatchObject({ data: { code: 'DATASET_CHECK_RUNNING' } });
  while (!heard.some((event) => event.checks.finished.length > 0))
    await new Promise((go) => setTimeout(go, 5));
  await client().checks.cancel();
  stop();
  expect(await running).toMatchObject({ status: 'cancelled', finished: ['too-few-photos'], error: null });
  // The cache was deleted: everything is measured again, and the answer is the same.
  expect(await open.core.checks.runToEnd(['near-duplicates'])).toMatchObject({ status: 'done' });
  expect(sorted(await found('near-duplicates'))).toContainEqual([...planted.near[0]].sort());
});

test('the photos a class has too few of, and uneven classes', async () => {
  const other = await openTestCore();
  const folder = join(other.folder, 'photos');
  const { classFolders, writeFiles } = await import('../../../fixtures/photos/photos.ts');
  await writeFiles(folder, await classFolders('', { cats: 60, dogs: 12, owls: 4 }));
  await other.core.imports.importPaths([folder]);
  await other.core.checks.runToEnd(['too-few-photos', 'class-imbalance']);
  const { findings } = await other.client.checks.findings({});
  expect(findings.map(({ check, severity, message }) => [check, severity, message])).toEqual([
    ['too-few-photos', 'error', '“owls” has only 4 photos; 50 are a good start.'],
    ['too-few-photos', 'warning', '“dogs” has only 12 photos; 50 are a good start.'],
    ['class-imbalance', 'warning', '“owls” has 4 photos, the largest class 15 times as many.'],
    ['class-imbalance', 'warning', '“dogs” has 12 photos, the largest class 5 times as many.'],
  ]);
  await other.close();
});

test('a class that can be told by its border alone', async () => {
  const other = await openTestCore();
  const folder = join(other.folder, 'photos');
  const { writeFiles } = await import('../../../fixtures/photos/photos.ts');
  const { default: sharp } = await import('sharp');
  const { samplePictures } = await import('../../../../src-main/datasets/samples/sample-scenes.ts');
  const files: Record<string, Buffer> = {};
  const drawn = samplePictures(3, 30);
  for (const [at, picture] of drawn.entries()) {
    // The same subjects in both classes; one was photographed on a red table.
    const background = { r: at % 2 === 0 ? 200 : 90, g: 90, b: at % 2 === 0 ? 60 : 200 };
    const inner = await sharp(await picture.draw())
      .resize(120, 120, { fit: 'fill' })
      .toBuffer();
    files[`${at % 2 === 0 ? 'red' : 'blue'}/${at}.jpg`] = await sharp({
      create: { width: 200, height: 200, channels: 3, background },
    })
      .composite([{ input: inner }])
      .jpeg()
      .toBuffer();
  }
  await writeFiles(folder, files);
  await other.core.imports.importPaths([folder]);
  await other.core.checks.runToEnd(['shortcut']);
  const { findings } = await other.client.checks.findings({ check: 'shortcut' });
  const border = findings.filter(({ message }) => message.includes('border'));
  expect(border.map(({ message }) => message.slice(0, 7)).sort()).toEqual(['“blue” ', '“red” c']);
  await other.close();
});

test('lenslet check --json: one line for each finding, paths inside the source', async () => {
  const other = await openTestCore({ project: false });
  const photos = join(other.folder, 'photos');
  const spoiled = await spoilPhotos(photos, 12);
  const project = join(other.folder, 'by-command');
  await lenslet(other.folder, 'import', photos, '--project', project, '--json');
  const done = await lenslet(other.folder, 'check', '--project', project, '--json');
  expect([done.code, done.stderr]).toEqual([0, expect.not.stringMatching(/^[A-Z]+_/m)]);
  const duplicate = done.lines().find(({ check }) => check === 'exact-duplicates');
  expect(duplicate).toMatchObject({
    check: 'exact-duplicates',
    severity: 'warning',
    images: expect.arrayContaining([{ path: spoiled.exact[0] }, { path: spoiled.exact[1] }]) as object[],
    message: expect.stringMatching(/is there 2 times\.$/) as string,
  });
  expect(done.lines()).toContainEqual(
    expect.objectContaining({ check: 'unreadable', images: [{ path: spoiled.broken }] }),
  );
  const unknown = await lenslet(other.folder, 'check', '--project', project, '--only', 'nonsense');
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringMatching(/^USAGE_INVALID.*near-duplicates/m),
  ]);
  await other.close();
});
