import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Edit } from '../../../../src-main/contract/app/edits.ts';
import { packRanges, unpackRanges } from '../../../../src-main/contract/shared/id-ranges.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import { applyEdit, readRevision } from '../../../../src-main/project/edits/journal.ts';
import { previewEdit } from '../../../../src-main/project/edits/preview.ts';
import { ensureClass, findClass } from '../../../../src-main/project/images/classes.ts';
import { storeGroups } from '../../../../src-main/project/images/near-duplicates.ts';
import { type Project, createProject, openProject } from '../../../../src-main/project/project.ts';
import { addPhotos, dumpDataset } from '../../../fixtures/labelled-project.ts';
import { randomEdit } from '../../../fixtures/random-edits.ts';

let folder: string;
let project: Project;
let database: DatabaseSync;
let ids: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-preview-'));
  project = createProject(folder, 'Preview');
  database = project.database;
  ids = addPhotos(
    database,
    Array.from({ length: 60 }, (_, at) => ({
      path: `photo-${at}.jpg`,
      className: at % 4 === 0 ? null : ['cats', 'dogs', 'owls'][at % 3],
      split: at % 2 === 0 ? ('train' as const) : ('test' as const),
    })),
  );
});
afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Counted from the rows, independently of the preview. */
function groupsInSeveralSplits(): number {
  const rows = database
    .prepare(
      `SELECT 1 FROM near_duplicate JOIN image ON image.hash = near_duplicate.hash
       WHERE excluded = 0 AND split IS NOT NULL GROUP BY group_id HAVING count(DISTINCT split) > 1`,
    )
    .all();
  return rows.length;
}

/** What an edit did, in the words of a preview, or the code with which it was refused. */
function applied(edit: Edit): unknown {
  const before = groupsInSeveralSplits();
  try {
    const { entry, changes } = applyEdit(database, edit);
    const more = groupsInSeveralSplits() - before;
    return {
      sentence: entry?.sentence,
      changes,
      images: changes.flatMap((change) => ('images' in change ? unpackRanges(change.images) : [])).length,
      warned: more > 0 && changes.some(({ type }) => type === 'split'),
    };
  } catch (error) {
    return { code: (error as { code: string }).code };
  }
}

async function previewed(edit: Edit, pieceMilliseconds?: number): Promise<unknown> {
  try {
    const { sentence, changes, images, warnings } = await previewEdit(database, edit, { pieceMilliseconds });
    // An edit that changes nothing has no sentence in the journal.
    return {
      sentence: changes.length === 0 ? undefined : sentence,
      changes,
      images,
      warned: warnings.length > 0,
    };
  } catch (error) {
    return { code: (error as { code: string }).code };
  }
}

test('previews 500 random edits exactly as they are applied afterwards, and changes nothing itself', async () => {
  storeGroups(
    database,
    Array.from({ length: 12 }, (_, group) => [0, 1, 2].map((at) => `hash-${group * 5 + at}`)),
  );
  const seed = 20261130;
  const random = createRandom(seed);
  let warned = 0;
  for (let turn = 0; turn < 500; turn++) {
    const edit = randomEdit(database, ids, random, turn);
    const before = dumpDataset(database);
    const preview = await previewed(edit);
    expect(dumpDataset(database)).toBe(before);
    expect(preview, `seed ${seed}, turn ${turn}: ${JSON.stringify(edit)}`).toEqual(applied(edit));
    if ((preview as { warned?: boolean }).warned) warned++;
  }
  expect(warned).toBeGreaterThan(5);
}, 60_000);

test('refuses what the edit itself would be refused for', async () => {
  const cats = findClass(database, 'cats')!;
  const refused: Edit[] = [
    { kind: 'label', images: '1', classId: 999 },
    { kind: 'class-rename', classId: cats, name: 'dogs' },
    { kind: 'class-create', name: 'dogs', none: false },
    { kind: 'class-merge', from: [cats], into: cats },
    { kind: 'class-delete', classId: 999 },
  ];
  for (const edit of refused) {
    const preview = await previewed(edit);
    expect(preview).toHaveProperty('code');
    expect(preview).toEqual(applied(edit));
  }
});

test('counts a photo that a list names twice as the edit counts it', async () => {
  const edit: Edit = {
    kind: 'assign',
    what: 'list.csv',
    labels: [
      { name: 'newts', images: '1-10' },
      { name: 'owls', images: '5-6' },
      { name: 'newts', images: '6,9000' },
    ],
    splits: [{ split: 'validation', images: '1-3' }],
  };
  const preview = await previewed(edit);
  expect(preview).toMatchObject({ sentence: 'Applied list.csv: 16 photos changed.' });
  expect(preview).toEqual(applied(edit));
});

test('warns when a near-duplicate would get into another split', async () => {
  storeGroups(database, [['hash-0', 'hash-2']]);
  const warnings = async (images: string) =>
    (await previewEdit(database, { kind: 'split', images, split: 'test' })).warnings;
  expect(await warnings(String(ids[0]))).toEqual([
    expect.stringMatching(/near-duplicates .* more than one split/),
  ]);
  expect(await warnings(`${ids[0]},${ids[2]}`)).toEqual([]);
  expect(await warnings(String(ids[4]))).toEqual([]);
});

test('lets requests in between its pieces and answers for the dataset that they leave', async () => {
  const many = addPhotos(
    database,
    Array.from({ length: 20_000 }, (_, at) => ({ path: `many-${at}.jpg`, hash: `many-${at}` })),
    '/many',
  );
  const scattered = packRanges(many.filter((id) => id % 2 === 0));
  const cats = findClass(database, 'cats')!;
  const edit: Edit = { kind: 'label', images: scattered, classId: cats };
  const preview = previewed(edit, 0);
  let done = false;
  void preview.then(() => (done = true));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(done).toBe(false);
  applyEdit(database, { kind: 'label', images: `${many[0]}-${many[9]}`, classId: cats });
  expect(await preview).toMatchObject({ images: 9_995 });
  expect(applied(edit)).toEqual(await preview);
});

test('answers without pauses when the dataset keeps changing', async () => {
  const many = addPhotos(
    database,
    Array.from({ length: 5000 }, (_, at) => ({ path: `many-${at}.jpg`, hash: `many-${at}` })),
    '/many',
  );
  const dogs = ensureClass(database, 'dogs');
  const edit: Edit = { kind: 'label', images: packRanges(many), classId: dogs };
  let done = false;
  const preview = previewed(edit, 0).finally(() => (done = true));
  const revision = readRevision(database);
  for (let turn = 0; !done; turn++) {
    applyEdit(database, { kind: 'comment', images: String(ids[0]), comment: `turn ${turn}` });
    await new Promise(setImmediate);
  }
  expect(readRevision(database)).toBeGreaterThan(revision + 3);
  expect(await preview).toMatchObject({ images: 5000 });
});

test('ends with CANCELLED when the project is closed meanwhile', async () => {
  const many = addPhotos(
    database,
    Array.from({ length: 5000 }, (_, at) => ({ path: `many-${at}.jpg`, hash: `many-${at}` })),
    '/many',
  );
  const preview = previewed({ kind: 'exclude', images: packRanges(many) }, 0);
  project.close();
  expect(await preview).toEqual({ code: 'CANCELLED' });
  project = openProject(folder);
});
