/** The record of a sorting as a file that anything may have happened to. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SortSession } from '../../../../src-main/project/sorting/session-database.ts';
import {
  listSessions,
  openSession,
  removeSession,
  sessionFolder,
} from '../../../../src-main/project/sorting/session-folders.ts';
import { sortingOf, writeFiles } from '../../../fixtures/sorting.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'lenslet-record-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return null;
};

function make(): SortSession {
  writeFiles(join(root, 'photos'), { '1.jpg': null });
  return sortingOf(root, { '1.jpg': { label: 'cats' } });
}

test('is held by one at a time, and is listed and removed', () => {
  const session = make();
  const { id } = session.about;
  expect(codeOf(() => SortSession.open(session.folder))).toBe('SORT_LOCKED');
  session.update({ threshold: 0.5 });
  session.close();
  const again = openSession(root, id);
  expect(again.about.threshold).toBe(0.5);
  again.close();
  expect(listSessions(root)).toEqual([id]);
  removeSession(root, id);
  expect(listSessions(root)).toEqual([]);
});

test('says that it is damaged, and opens nothing outside its folder', () => {
  const session = make();
  const { id } = session.about;
  session.database.exec(`UPDATE about SET text = '{"id":7}'`);
  session.close();
  expect(codeOf(() => openSession(root, id))).toBe('SORT_DAMAGED');
  writeFileSync(join(session.folder, 'sort.db'), 'not a database, but longer than its header is'.repeat(40));
  rmSync(join(session.folder, 'sort.db-wal'), { force: true });
  expect(codeOf(() => openSession(root, id))).toBe('SORT_DAMAGED');
  rmSync(session.folder, { recursive: true });
  symlinkSync(tmpdir(), session.folder);
  expect(codeOf(() => openSession(root, id))).toBe('PATH_IS_LINK');
  for (const other of ['../photos', 'sort-..', '', 'sort-A/b'])
    expect(codeOf(() => sessionFolder(root, other))).toBe('NOT_FOUND');
});
