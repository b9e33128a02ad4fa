import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Edit } from '../../../../src-main/contract/app/edits.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import {
  ensureClass,
  findClass,
  listClasses,
  orderNewClasses,
  settledClasses,
} from '../../../../src-main/project/images/classes.ts';
import { countImages, findImages } from '../../../../src-main/project/images/images.ts';
import {
  applyEdit,
  journalState,
  listJournal,
  readRevision,
  redoEdit,
  undoEdit,
} from '../../../../src-main/project/edits/journal.ts';
import { type Project, createProject, openProject } from '../../../../src-main/project/project.ts';
import { addPhotos, dumpDataset } from '../../../fixtures/labelled-project.ts';
import { randomEdit } from '../../../fixtures/random-edits.ts';

let folder: string;
let project: Project;
let ids: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-journal-'));
  project = createProject(folder, 'Journal');
  ids = addPhotos(
    project.database,
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

const edit = (what: Edit) => applyEdit(project.database, what);
const reopen = (): void => {
  project.close();
  project = openProject(folder);
};
const classOf = (id: number): number | null => findImages(project.database, [id])[0].classId;

test('1,000 random edits, undone and redone across restarts, give the same database each time', () => {
  const random = createRandom(20261123);
  const before = dumpDataset(project.database);
  const states = [before];
  for (let turn = 0; turn < 1000; turn++) {
    if (edit(randomEdit(project.database, ids, random, turn)).entry !== null) {
      states.push(dumpDataset(project.database));
    }
  }
  const edits = states.length - 1;
  expect(edits).toBeGreaterThan(600);
  expect(new Set(states).size).toBeGreaterThan(400);
  for (const way of ['first', 'second']) {
    for (let at = edits - 1; at >= 0; at--) {
      if (at % 250 === 0) reopen();
      undoEdit(project.database);
      if (at % 50 === 0) expect(dumpDataset(project.database), `${way} undo to ${at}`).toBe(states[at]);
    }
    expect(dumpDataset(project.database)).toBe(before);
    expect(journalState(project.database)).toMatchObject({ undo: null, entries: edits });
    for (let at = 1; at <= edits; at++) {
      if (at % 250 === 0) reopen();
      redoEdit(project.database);
      if (at % 50 === 0) expect(dumpDataset(project.database), `${way} redo to ${at}`).toBe(states[at]);
    }
    expect(dumpDataset(project.database)).toBe(states[edits]);
  }
}, 60_000);

describe('the journal', () => {
  test('tells what was done in sentences, newest first, and what undo and redo would do', () => {
    const cats = findClass(project.database, 'cats')!;
    edit({ kind: 'label', images: '1-4', classId: cats });
    edit({ kind: 'class-rename', classId: cats, name: 'felines' });
    edit({ kind: 'exclude', images: '7' });
    undoEdit(project.database);
    expect(listJournal(project.database, 10).map(({ sentence, undone }) => [sentence, undone])).toEqual([
      ['Excluded 1 photo.', true],
      ['Renamed the class “cats” to “felines”.', false],
      [`Labelled ${[1, 2, 3, 4].length - 1} photos as “cats”.`, false],
    ]);
    expect(journalState(project.database)).toMatchObject({
      undo: { sentence: 'Renamed the class “cats” to “felines”.' },
      redo: { sentence: 'Excluded 1 photo.' },
      entries: 3,
    });
    expect(listJournal(project.database, 1, 2)).toMatchObject([{ id: 1 }]);
  });

  test('forgets what was undone when something new is done', () => {
    edit({ kind: 'exclude', images: '1' });
    edit({ kind: 'exclude', images: '2' });
    undoEdit(project.database);
    edit({ kind: 'exclude', images: '3' });
    expect(() => redoEdit(project.database)).toThrow(
      expect.objectContaining({ code: 'DATASET_NOTHING_TO_REDO' }),
    );
    expect(findImages(project.database, [1, 2, 3]).map((row) => row.excluded)).toEqual([true, false, true]);
    undoEdit(project.database);
    undoEdit(project.database);
    expect(() => undoEdit(project.database)).toThrow(
      expect.objectContaining({ code: 'DATASET_NOTHING_TO_UNDO' }),
    );
  });

  test('an edit that changes nothing is none', () => {
    const revision = readRevision(project.database);
    const own = classOf(2)!;
    expect(edit({ kind: 'label', images: '2', classId: own })).toMatchObject({ entry: null, changes: [] });
    expect(edit({ kind: 'restore', images: '1-60' })).toMatchObject({ entry: null });
    expect(edit({ kind: 'label', images: '5000-6000', classId: own })).toMatchObject({ entry: null });
    expect(readRevision(project.database)).toBe(revision);
  });

  test('an edit that fails leaves no trace', () => {
    const before = dumpDataset(project.database);
    expect(() => edit({ kind: 'label', images: '1', classId: 999 })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    const cats = findClass(project.database, 'cats')!;
    expect(() => edit({ kind: 'class-rename', classId: cats, name: 'dogs' })).toThrow(
      expect.objectContaining({ code: 'DATASET_CLASS_EXISTS' }),
    );
    expect(() => edit({ kind: 'class-create', name: 'dogs', none: false })).toThrow(
      expect.objectContaining({ code: 'DATASET_CLASS_EXISTS' }),
    );
    expect(dumpDataset(project.database)).toBe(before);
    expect(journalState(project.database).entries).toBe(0);
  });

  test('undo says what is in the way when an import made a class of the old name', () => {
    const cats = findClass(project.database, 'cats')!;
    edit({ kind: 'class-rename', classId: cats, name: 'felines' });
    ensureClass(project.database, 'cats');
    expect(() => undoEdit(project.database)).toThrow(
      expect.objectContaining({ code: 'DATASET_UNDO_CONFLICT' }),
    );
    expect(findClass(project.database, 'felines')).toBe(cats);
  });
});

describe('classes', () => {
  test('ids of removed classes are not given again, so that old predictions mean nobody else', () => {
    const { changes } = edit({ kind: 'class-create', name: 'last', none: false });
    const last = changes[0].type === 'class' ? changes[0].id : 0;
    edit({ kind: 'class-delete', classId: last });
    expect(ensureClass(project.database, 'next')).toBeGreaterThan(last);
  });

  test('an order the user made outlives the next import', () => {
    const reversed = listClasses(project.database)
      .map(({ id }) => id)
      .reverse();
    edit({ kind: 'class-order', classIds: reversed });
    const settled = settledClasses(project.database);
    ensureClass(project.database, 'zebras');
    ensureClass(project.database, 'aardvarks');
    orderNewClasses(project.database, settled);
    const after = listClasses(project.database);
    expect(after.slice(0, -2).map(({ id }) => id)).toEqual(reversed);
    expect(after.slice(-2).map(({ name }) => name)).toEqual(['aardvarks', 'zebras']);
  });

  test('classes of before keep their places in an import, also after a rename', () => {
    const before = listClasses(project.database);
    edit({ kind: 'class-rename', classId: before[0].id, name: 'zz top' });
    const settled = settledClasses(project.database);
    ensureClass(project.database, 'aardvarks');
    orderNewClasses(project.database, settled);
    expect(listClasses(project.database).map(({ id }) => id)).toEqual([
      ...before.map(({ id }) => id),
      expect.any(Number),
    ]);
  });

  test('excluded photos count nowhere and come back with their label', () => {
    const count = (): number => countImages(project.database).reduce((sum, { images }) => sum + images, 0);
    edit({ kind: 'exclude', images: '1-20' });
    expect(count()).toBe(40);
    edit({ kind: 'restore', images: '1-20' });
    expect(count()).toBe(60);
  });
});

test('keeps an edit of 100,000 photos in one short journal entry', () => {
  const many = addPhotos(
    project.database,
    Array.from({ length: 100_000 }, (_, at) => ({ path: `many-${at}.jpg`, hash: `many-${at}` })),
    '/many',
  );
  const images = `${many[0]}-${many.at(-1)}`;
  const cats = findClass(project.database, 'cats')!;
  expect(edit({ kind: 'label', images, classId: cats }).changes).toEqual([
    { type: 'label', images, classId: cats },
  ]);
  const row = project.database.prepare('SELECT length(changes) + length(inverse) AS size FROM edit').get();
  expect(Number(row?.size)).toBeLessThan(300);
  undoEdit(project.database);
  expect(classOf(many[50_000])).toBeNull();
}, 30_000);
