/** Rows that do not fit: each is the problem of its own item. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAugmentation } from '../../../../src-main/project/augmentation.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { listFindings } from '../../../../src-main/project/runs/findings.ts';
import {
  applyEdit,
  journalState,
  listJournal,
  undoEdit,
} from '../../../../src-main/project/edits/journal.ts';
import { type Project, createProject } from '../../../../src-main/project/project.ts';
import { listQuarantine } from '../../../../src-main/project/images/quarantine.ts';
import { findRun, insertRun, listEvaluations, listRuns } from '../../../../src-main/project/runs/runs.ts';
import { listViews, saveView } from '../../../../src-main/project/images/saved-views.ts';
import { writeSetting } from '../../../../src-main/project/database/settings.ts';
import { readSplitOrigin } from '../../../../src-main/project/images/splits.ts';
import { addPhotos } from '../../../fixtures/labelled-project.ts';
import { makeRun } from '../../../fixtures/make-run.ts';

let folder: string;
let project: Project;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-damaged-'));
  project = createProject(folder, 'Damaged');
});
afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

const sql = (text: string, ...values: (string | number | bigint)[]): void => {
  project.database.prepare(text).run(...values);
};
const addRun = (id: string): void => insertRun(project.database, makeRun({ id }));
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
};

const damages: readonly (readonly [what: string, sql: string])[] = [
  ['a setting that is out of range', `UPDATE run SET settings = json_set(settings, '$.epochs', -3)`],
  ['settings that are not JSON', `UPDATE run SET settings = '{"epochs":'`],
  ['settings of null', `UPDATE run SET settings = 'null'`],
  ['classes that are no list', `UPDATE run SET classes = '{"0":"cats"}'`],
  ['an unknown status', `UPDATE run SET status = 'exploded'`],
  ['a date that is none', `UPDATE run SET created_at = 'yesterday'`],
  ['an integer beyond 2^53', `UPDATE run SET params = 9223372036854775807`],
  ['an infinite duration', `UPDATE run SET seconds = 9e999`],
  ['a test of text', `UPDATE run SET test = '{"loss":"low","accuracy":1}'`],
  ['an error of another shape', `UPDATE run SET error = '[]'`],
  ['a computing of another shape', `UPDATE run SET computing = '7'`],
  [
    'an epoch without end',
    `INSERT INTO epoch (run_id, epoch, loss, accuracy, seconds) SELECT id, 1, 9e999, 1, 1 FROM run`,
  ],
  [
    'an epoch beyond 2^53',
    `INSERT INTO epoch (run_id, epoch, loss, accuracy, seconds) SELECT id, 9223372036854775807, 1, 1, 1 FROM run`,
  ],
];

describe('a run', () => {
  it.each(damages)('with %s is listed as damaged; the others are as they were', (_, damage) => {
    addRun('run-bad');
    sql(damage);
    addRun('run-good');
    const { sound, damaged } = listRuns(project.database);
    expect(sound.map(({ id }) => id)).toEqual(['run-good']);
    expect(damaged).toMatchObject([
      { id: 'run-bad', name: 'Run run-bad', error: { code: 'TRAINING_RUN_DAMAGED' } },
    ]);
    expect(codeOf(() => findRun(project.database, 'run-bad'))).toBe('TRAINING_RUN_DAMAGED');
    expect(findRun(project.database, 'run-good')?.id).toBe('run-good');
  });

  it('whose evaluation cannot be read has none, and can be tested again', () => {
    addRun('run-a');
    sql(`INSERT INTO evaluation (run_id, split, created_at, result) VALUES ('run-a', 'test', 'now', '{}')`);
    sql(`INSERT INTO evaluation (run_id, split, created_at, result) VALUES ('run-a', 'train', 'now', 'x')`);
    expect(listEvaluations(project.database, 'run-a')).toEqual([]);
  });
});

describe('the dataset', () => {
  it('leaves out an image whose row has impossible numbers, and shows the others', () => {
    const ids = addPhotos(project.database, [{}, {}, {}]);
    sql('UPDATE image SET bytes = 9223372036854775807 WHERE id = ?', ids[0]);
    sql('UPDATE image SET modified = 9e999 WHERE id = ?', ids[1]);
    expect(findImages(project.database, ids).map(({ id }) => id)).toEqual([ids[2]]);
  });

  it('leaves out a saved view that cannot be read; saving its name again replaces it', () => {
    sql(`INSERT INTO saved_view (name, filter, sort) VALUES ('bad', '[', '{}')`);
    sql(`INSERT INTO saved_view (name, filter, sort) VALUES ('worse', '{}', '{"by":"luck"}')`);
    saveView(project.database, { name: 'good', filter: {}, sort: { by: 'name', descending: false } });
    expect(listViews(project.database).map(({ name }) => name)).toEqual(['good']);
    saveView(project.database, { name: 'bad', filter: {}, sort: { by: 'name', descending: false } });
    expect(listViews(project.database).map(({ name }) => name)).toEqual(['bad', 'good']);
  });

  it('lists a refused file whose reason cannot be read, with that as its reason', () => {
    addPhotos(project.database, [{}]);
    const add = (path: string, code: string, params: string): void =>
      sql(`INSERT INTO quarantine VALUES ((SELECT id FROM source), ?, ?, ?, 'now')`, path, code, params);
    add('a.jpg', 'IMAGE_EMPTY', '{"path":"a.jpg"}');
    add('b.jpg', 'NO_SUCH_CODE', '{}');
    add('c.jpg', 'IMAGE_EMPTY', 'not JSON');
    add('d.jpg', 'constructor', '{"path":{}}');
    expect(listQuarantine(project.database).map(({ path, code }) => [path, code])).toEqual([
      ['a.jpg', 'IMAGE_EMPTY'],
      ['b.jpg', 'FILE_UNREADABLE'],
      ['c.jpg', 'FILE_UNREADABLE'],
      ['d.jpg', 'FILE_UNREADABLE'],
    ]);
  });

  it('leaves out a finding that cannot be read', () => {
    const add = (severity: string, score: number, paths: string): void =>
      sql(
        `INSERT INTO finding (check_id, severity, message, score, key, images, paths)
         VALUES ('blur', ?, 'It is blurred.', ?, 'k', 0, ?)`,
        severity,
        score,
        paths,
      );
    add('warning', 0.5, '[]');
    add('fatal', 0.5, '[]');
    add('warning', 0.5, '[1');
    add('warning', Infinity, '[]');
    const filter = { dismissed: false, offset: 0, limit: 10 };
    expect(listFindings(project.database, filter).findings).toHaveLength(1);
  });

  it('takes settings that cannot be read as not set', () => {
    writeSetting(project.database, 'augmentation', '{');
    writeSetting(project.database, 'split.origin', 'seeded');
    writeSetting(project.database, 'split.seed', 'seven');
    writeSetting(project.database, 'split.fractions', '{"train":');
    expect(readAugmentation(project.database)).toBeNull();
    expect(readSplitOrigin(project.database)).toEqual({ origin: 'seeded', seed: null, fractions: null });
  });
});

describe('the journal', () => {
  const label = (ids: readonly number[]): void => {
    applyEdit(project.database, { kind: 'label-as', images: String(ids[0]), name: 'cats' });
  };

  it.each([
    ['text', 'not JSON'],
    ['a change of no kind', '[{"type":"erase","images":"1"}]'],
    ['a class that is not there', '[{"type":"label","images":"1","classId":4711}]'],
  ])('cannot undo an entry that holds %s, says so, and goes on with new ones', (_, inverse) => {
    const ids = addPhotos(project.database, [{}, {}]);
    label(ids);
    sql('UPDATE edit SET inverse = ?', inverse);
    expect(codeOf(() => undoEdit(project.database))).toBe('DATASET_UNDO_DAMAGED');
    applyEdit(project.database, { kind: 'comment', images: String(ids[1]), comment: 'later' });
    expect(undoEdit(project.database).entry?.sentence).toContain('Commented');
  });

  it('is listed without an entry that cannot be read', () => {
    const ids = addPhotos(project.database, [{}, {}]);
    label(ids);
    sql(
      `INSERT INTO edit (id, made_at, sentence, edit, changes, inverse) VALUES (?, 'now', 'Huge.', '', '[]', '[]')`,
      9_223_372_036_854_775_807n,
    );
    expect(listJournal(project.database, 10).map(({ sentence }) => sentence)).toEqual([
      'Labelled 1 photo as “cats”.',
    ]);
    expect(codeOf(() => journalState(project.database))).toBe('none');
  });
});
