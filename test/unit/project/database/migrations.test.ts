import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listClasses } from '../../../../src-main/project/images/classes.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { applyEdit, journalState, undoEdit } from '../../../../src-main/project/edits/journal.ts';
import { newestVersion } from '../../../../src-main/project/database/migrations.ts';
import { openProject } from '../../../../src-main/project/project.ts';
import { listQuarantine } from '../../../../src-main/project/images/quarantine.ts';
import { findRun } from '../../../../src-main/project/runs/runs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-migration-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A project folder as format 1 left it. */
function oldProject(): void {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'project.db'));
  database.exec(readFileSync(join(import.meta.dirname, '../../../fixtures/project-v1.sql'), 'utf8'));
  database.close();
}

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
