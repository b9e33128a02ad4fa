/** Runs on a disk that is full or gone: what is in memory decides, and is written as soon as that works. */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Project, createProject } from '../../../../src-main/project/project.ts';
import { findRun, insertRun } from '../../../../src-main/project/runs/runs.ts';
import { type RunRecords, runRecords } from '../../../../src-main/services/runs/run-records.ts';
import { makeHistory, makeRun } from '../../../fixtures/make-run.ts';

let home: string;
let folder: string;
let project: Project;
let records: RunRecords;
let saved: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lenslet-records-'));
  folder = join(home, 'project');
  project = createProject(folder, 'Records');
  insertRun(project.database, makeRun({ id: 'run-a', status: 'training' }));
  records = runRecords(project);
  saved = [];
  records.onSaved((run) => saved.push(run));
});
afterEach(() => {
  records.close();
  project.close();
  rmSync(home, { recursive: true, force: true });
});

const epochs = makeHistory([{ name: 'training', losses: Array.from({ length: 400 }, () => 0.25) }]);
const pages = (): number => Number(project.database.prepare('PRAGMA page_count').get()?.page_count);
/** The database may not grow, which SQLite treats as a full disk. */
const fillDisk = (): void => project.database.exec(`PRAGMA max_page_count = ${pages()}`);
const freeDisk = (): void => project.database.exec('PRAGMA max_page_count = 1000000');
const stored = () => findRun(project.database, 'run-a');

it('a run ends although the disk is full, says why, and is written when there is room', () => {
  const release = records.hold('run-a');
  fillDisk();
  for (const epoch of epochs) records.addEpoch('run-a', epoch, epoch.epoch);
  records.change('run-a', { status: 'interrupted' });
  release();
  expect(records.find('run-a')).toMatchObject({
    status: 'interrupted',
    seconds: 400,
    history: { length: 400 },
    error: { code: 'DISK_FULL' },
  });
  expect(records.list().sound[0]).toMatchObject({ status: 'interrupted', error: { code: 'DISK_FULL' } });
  expect(stored()).toMatchObject({ status: 'training', error: null });
  expect(records.flush()).toBe(false);

  freeDisk();
  expect(records.flush()).toBe(true);
  expect(saved).toEqual(['run-a']);
  expect(stored()).toMatchObject({ status: 'interrupted', history: { length: 400 }, error: null });
  expect(records.find('run-a')).toEqual(stored());
});

it('the next change writes what could not be written before', () => {
  fillDisk();
  records.replaceHistory('run-a', epochs);
  expect(stored()?.history).toEqual([]);
  freeDisk();
  records.change('run-a', { status: 'stopped' });
  expect(stored()).toMatchObject({ status: 'stopped', history: { length: 400 } });
});

it('what the user asked to be changed is refused on a full disk, and nothing changes', () => {
  fillDisk();
  const notes = 'x'.repeat(100_000);
  expect(() => records.edit('run-a', { notes })).toThrow(
    expect.objectContaining({ code: 'DISK_FULL' }) as Error,
  );
  expect(records.find('run-a')).toMatchObject({ notes: '', error: null });
  freeDisk();
  records.edit('run-a', { notes });
  expect(stored()?.notes).toHaveLength(100_000);
});

it('nothing is written into a folder that was moved until it is put back', () => {
  renameSync(folder, `${folder} moved`);
  records.change('run-a', { status: 'interrupted' });
  expect(records.find('run-a')).toMatchObject({ status: 'interrupted', error: { code: 'PROJECT_GONE' } });
  expect(stored()?.status).toBe('training');
  renameSync(`${folder} moved`, folder);
  expect(records.flush()).toBe(true);
  expect(stored()).toMatchObject({ status: 'interrupted', error: null });
});
