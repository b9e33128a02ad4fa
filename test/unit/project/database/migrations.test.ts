import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureClass, listClasses } from '../../../../src-main/project/images/classes.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { applyEdit, journalState, redoEdit, undoEdit } from '../../../../src-main/project/edits/journal.ts';
import { newestVersion } from '../../../../src-main/project/database/migrations.ts';
import { createProject, openProject } from '../../../../src-main/project/project.ts';
import { listQuarantine } from '../../../../src-main/project/images/quarantine.ts';
import { listTestUses } from '../../../../src-main/project/runs/test-uses.ts';
import { listViews } from '../../../../src-main/project/images/saved-views.ts';
import { databaseOwner } from '../../../../src-main/project/database/database-owner.ts';
import { countFindings, listFindings } from '../../../../src-main/project/runs/findings.ts';
import { findPredictions } from '../../../../src-main/project/runs/predictions.ts';
import { findRun, listRuns } from '../../../../src-main/project/runs/runs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-migration-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dump = (version: number): string => join('test/fixtures/databases', `v${version}.sql`);
const versions = Array.from({ length: newestVersion }, (_, at) => at + 1);

/** A project folder as a format left it. */
function oldProject(version = 1): void {
  const database = new DatabaseSync(join(folder, 'project.db'));
  database.exec(readFileSync(dump(version), 'utf8'));
  database.close();
}

/** Tables with their columns, keys and indexes, however their SQL is written. */
function structure(database: DatabaseSync): unknown {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
  return tables.map(({ name }) => {
    const all = (pragma: string) => database.prepare(`PRAGMA ${pragma}(${String(name)})`).all();
    const indexes = all('index_list').map(({ name: index, unique, origin, partial }) => ({
      name: index,
      unique,
      origin,
      partial,
    }));
    indexes.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
    return { name, columns: all('table_xinfo'), keys: all('foreign_key_list'), indexes };
  });
}

test.each(versions)('format %i is kept, and migrates to the structure that a new project has', (version) => {
  oldProject(version);
  const project = openProject(folder);
  const fresh = createProject(join(folder, 'fresh'), 'Fresh');
  expect(structure(project.database)).toEqual(structure(fresh.database));
  expect(project.database.prepare('PRAGMA user_version').get()).toEqual({ user_version: newestVersion });
  expect(project.database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  expect(project.name).toBe('Old cats');
  expect(findImages(project.database, [1, 2, 3, 4]).map(({ hash }) => hash)).toEqual([
    'aa',
    'bb',
    'cc',
    'dd',
  ]);
  expect(findRun(project.database, 'run-1')).toMatchObject({
    name: 'Old run',
    status: 'done',
    settings: { epochs: 30, learningRate: 0.0001, optimizer: 'rmsprop', mixup: 0 },
  });
  fresh.close();
  project.close();
  expect(existsSync(join(folder, 'backups'))).toBe(version < newestVersion);
});

test('a project of format 1 keeps everything, gets the journal, and is backed up first', () => {
  oldProject();
  const project = openProject(folder);
  const { database } = project;
  expect(project.name).toBe('Old cats');
  expect(listClasses(database)).toEqual([
    { id: 1, name: 'cats', position: 0, none: false },
    { id: 2, name: 'dogs', position: 1, none: false },
  ]);
  expect(
    findImages(database, [1, 2, 3, 4]).map(({ path, hash, classId, split, excluded, comment }) => [
      path,
      hash,
      classId,
      split,
      excluded,
      comment,
    ]),
  ).toEqual([
    ['cats/a.jpg', 'aa', 1, 'train', false, null],
    ['cats/b.jpg', 'bb', 1, 'test', false, null],
    ['dogs/c.jpg', 'cc', 2, 'train', false, null],
    ['loose.jpg', 'dd', null, null, false, null],
  ]);
  expect(listQuarantine(database)).toMatchObject([{ path: 'bad.jpg', code: 'IMAGE_EMPTY' }]);
  expect(findRun(database, 'run-1')).toMatchObject({ name: 'Old run', status: 'done' });
  applyEdit(database, { kind: 'label', images: '4', classId: 2 });
  expect(findImages(database, [4])[0].classId).toBe(2);
  undoEdit(database);
  expect(findImages(database, [4])[0].classId).toBeNull();
  project.close();

  const [backup, ...others] = readdirSync(join(folder, 'backups'));
  expect(others).toEqual([]);
  expect(backup).toMatch(/-v1\.db$/);
  const before = new DatabaseSync(join(folder, 'backups', backup), { readOnly: true });
  expect(before.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  expect(before.prepare('SELECT count(*) AS images FROM image').get()).toEqual({ images: 4 });
  before.close();
});

test('opening it again changes nothing and makes no further backup', () => {
  oldProject();
  openProject(folder).close();
  const project = openProject(folder);
  expect(project.database.prepare('PRAGMA user_version').get()).toEqual({ user_version: newestVersion });
  expect(journalState(project.database)).toMatchObject({ entries: 0, undo: null, redo: null });
  project.close();
  expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
});

test('a project of format 2 keeps its journal, findings, predictions and views, and its runs get a stage', () => {
  oldProject(2);
  const project = openProject(folder);
  const { database } = project;
  expect(findImages(database, [3, 4])).toMatchObject([
    { excluded: true, comment: null },
    { classId: 2, comment: 'is this a dog?', takenAt: '2025-12-24T18:00:00', camera: 'Pixel 8' },
  ]);
  expect(journalState(database)).toMatchObject({
    undo: { sentence: 'Excluded 1 photo.' },
    redo: { sentence: 'Renamed the class “cats” to “felines”.' },
    entries: 3,
    revision: 4,
  });
  redoEdit(database);
  expect(listClasses(database).map(({ name, none }) => [name, none])).toEqual([
    ['felines', false],
    ['dogs', true],
  ]);
  for (let entry = 0; entry < 3; entry++) undoEdit(database);
  expect(findImages(database, [3, 4])).toMatchObject([{ excluded: false }, { classId: null }]);
  expect(ensureClass(database, 'owls')).toBe(8);
  const { findings } = listFindings(database, { dismissed: false, offset: 0, limit: 10 });
  expect(findings).toMatchObject([{ message: 'Looks like dogs.', suggestedClassId: 2, images: 1 }]);
  expect(countFindings(database).get('blur')).toMatchObject({ dismissed: 1 });
  expect(findPredictions(database, 'run-1', [2, 4]).get(4)).toMatchObject({ classId: 2, probability: 0.6 });
  expect(listViews(database)).toMatchObject([{ name: 'Unsure', filter: { unlabelled: true } }]);
  expect(findRun(database, 'run-1')).toMatchObject({
    history: [{ epoch: 1, stage: 'training' }],
    notes: '',
    series: null,
  });
  project.close();
});

test('a project of format 3 keeps stages, notes and series, and says nothing of how its runs were computed', () => {
  oldProject(3);
  const project = openProject(folder);
  const { database } = project;
  expect(findRun(database, 'run-2')).toMatchObject({
    notes: 'Better than the first.',
    series: 'series-1',
    status: 'stopped',
    history: [
      { epoch: 1, stage: 'head', valLoss: null },
      { epoch: 2, stage: 'fine-tuning', accuracy: 0.9 },
    ],
    computing: null,
  });
  project.close();
});

test('a project of format 4 keeps how its runs were computed, and gets the id by which it is known as ours', () => {
  oldProject(4);
  const before = new DatabaseSync(join(folder, 'project.db'), { readOnly: true });
  expect(before.prepare('PRAGMA application_id').get()).toEqual({ application_id: 0 });
  before.close();
  const project = openProject(folder);
  const { database } = project;
  expect(findRun(database, 'run-2')).toMatchObject({ computing: { mode: 'graph', precision: 'bfloat16' } });
  expect(database.prepare('PRAGMA application_id').get()).not.toEqual({ application_id: 0 });
  expect(databaseOwner(database)).toBe('lenslet');
  expect(listRuns(database)).toMatchObject({ sound: [{ id: 'run-2' }, { id: 'run-1' }], damaged: [] });
  project.close();
});

test('a project of format 5 counts the tests that were made before uses of the test photos were kept', () => {
  oldProject(5);
  const before = new DatabaseSync(join(folder, 'project.db'), { readOnly: true });
  const tests = before
    .prepare("SELECT run_id AS run FROM evaluation WHERE split = 'test' ORDER BY id DESC")
    .all();
  before.close();
  const project = openProject(folder);
  expect(listTestUses(project.database).map(({ run }) => ({ run }))).toEqual(
    tests.map((one) => ({ ...one })),
  );
  expect(listTestUses(project.database).every(({ purpose }) => purpose === 'measured')).toBe(true);
  project.close();
});

test('a project of format 6 keeps the uses of the test photos, also of runs that are gone', () => {
  oldProject(6);
  const project = openProject(folder);
  expect(listTestUses(project.database)).toMatchObject([{ run: 'run-0', name: 'A removed run' }]);
  project.close();
});
