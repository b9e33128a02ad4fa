/**
 * How fast lists, rows and edits are on a generated project of many photos: `node test/bench/dataset-queries.ts
 * [PHOTOS]`. No picture is made: only the database is measured. Prints the median of several runs in milliseconds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageFilter } from '../../src-main/contract/app/datasets.ts';
import { packIds, packRanges } from '../../src-main/contract/shared/id-ranges.ts';
import type { Edit } from '../../src-main/contract/app/edits.ts';
import type { PhotoSort } from '../../src-main/contract/app/labels.ts';
import { createRandom } from '../../src-main/core/random/random.ts';
import { findClass } from '../../src-main/project/images/classes.ts';
import { storeFindings } from '../../src-main/project/runs/findings.ts';
import { applyEdit, redoEdit, undoEdit } from '../../src-main/project/edits/journal.ts';
import { listImageIds } from '../../src-main/project/images/photo-lists.ts';
import { storePredictions } from '../../src-main/project/runs/predictions.ts';
import { createProject } from '../../src-main/project/project.ts';
import { summarise } from '../../src-main/services/project/dataset-summary.ts';
import { readPhotos } from '../../src-main/services/project/photo-rows.ts';
import { planSplit } from '../../src-main/services/project/splits.ts';
import { addPhotos } from '../fixtures/labelled-project.ts';

const photos = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'lenslet-queries-'));
const project = createProject(folder, 'Queries');
const { database } = project;
const random = createRandom(1);
const classNames = ['cats', 'dogs', 'owls', 'newts', 'bees', 'elks', 'rays', 'none'];

function say(what: string, milliseconds: number, more = ''): void {
  process.stdout.write(`${what.padEnd(44)} ${milliseconds.toFixed(1).padStart(8)} ms  ${more}\n`);
}

function median(work: () => unknown, runs = 7): number {
  const times = Array.from({ length: runs }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[runs >> 1];
}

const began = performance.now();
const ids = addPhotos(
  database,
  Array.from({ length: photos }, (_, at) => {
    const name = classNames[random.integer(classNames.length)];
    return {
      path: `site-${random.integer(50)}/${name}/IMG_${String(random.integer(9_999_999)).padStart(7, '0')}_${at}.jpg`,
      hash: `${random.integer(2 ** 31).toString(16)}-${at}`,
      className: at % 10 === 0 ? null : name,
      split: (['train', 'train', 'train', 'validation', 'test'] as const)[random.integer(5)],
      width: 100 + random.integer(4000),
      height: 100 + random.integer(3000),
      takenAt: at % 3 === 0 ? null : new Date(1.6e12 + random.integer(1e9)).toISOString().slice(0, 19),
    };
  }),
);
database.exec(`INSERT INTO run (id, name, recipe, status, created_at, settings, classes, data_hash)
  VALUES ('run-1', 'Run', 'scratch', 'done', '2026-01-01', '{}', '[]', '')`);
const classIds = classNames.map((name) => findClass(database, name)!);
storePredictions(
  database,
  'run-1',
  ids.map((imageId) => ({ imageId, classId: classIds[random.integer(8)], probability: random.next() })),
);
const found = ids.filter(() => random.next() < 0.05);
storeFindings(
  database,
  'blur',
  '',
  found.map((id) => ({
    severity: 'note',
    message: 'is blurred',
    score: random.next(),
    key: `blur/${id}`,
    images: [id],
    paths: [],
    suggestedClassId: null,
  })),
);
say(`${photos} photos generated`, performance.now() - began);

const plain: PhotoSort = { by: 'added', descending: false };
const lists: [string, ImageFilter, PhotoSort][] = [
  ['all, as added', {}, plain],
  ['a class', { classId: classIds[0] }, plain],
  ['without a label', { unlabelled: true }, plain],
  ['a class in a split', { classId: classIds[1], split: 'test' }, plain],
  ['text of the path', { text: '99_1' }, plain],
  ['with a finding', { check: 'blur' }, plain],
  ['wrong predictions', { prediction: 'wrong' }, plain],
  ['right and unsure', { prediction: 'right', confidenceTo: 0.4 }, plain],
  ['a cell of the confusion matrix', { classId: classIds[0], predictedClassId: classIds[1] }, plain],
  ['all, by name', {}, { by: 'name', descending: false }],
  ['all, by name, backwards', {}, { by: 'name', descending: true }],
  ['all, by class', {}, { by: 'class', descending: false }],
  ['all, by capture time', {}, { by: 'taken', descending: false }],
  ['all, by date of the file', {}, { by: 'modified', descending: true }],
  ['all, by pixels', {}, { by: 'pixels', descending: true }],
  ['all, by bytes', {}, { by: 'bytes', descending: true }],
  ['all, by confidence', {}, { by: 'confidence', descending: false }],
  ['all, by severity', {}, { by: 'severity', descending: false }],
  ['wrong ones, most confident first', { prediction: 'wrong' }, { by: 'confidence', descending: true }],
];
for (const [what, filter, sort] of lists) {
  const { length } = listImageIds(database, filter, sort);
  say(
    `list: ${what}`,
    median(() => packIds(listImageIds(database, filter, sort))),
    `${length} ids`,
  );
}
const window = ids.slice(50_000 % ids.length).slice(0, 200);
say(
  'rows: 200 neighbours',
  median(() => readPhotos(database, window, undefined)),
);
say(
  'summary of the dataset',
  median(() => summarise(project)),
);

const time = (what: string, work: () => unknown): void => {
  const start = performance.now();
  work();
  say(what, performance.now() - start);
};
const label = (images: string, classId: number): Edit => ({ kind: 'label', images, classId });
const one: number[] = [];
for (let turn = 0; turn < 200; turn++) {
  const start = performance.now();
  applyEdit(database, label(String(ids[turn]), classIds[turn % 8]));
  one.push(performance.now() - start);
}
one.sort((a, b) => a - b);
say('edit: label one photo, median of 200', one[100], `slowest ${one[199].toFixed(1)} ms`);
time('edit: label all photos', () => applyEdit(database, label(packRanges(ids), classIds[0])));
time('undo of that', () => undoEdit(database));
time('redo of that', () => redoEdit(database));
time('undo once more', () => undoEdit(database));
const scattered = packRanges(ids.filter(() => random.next() < 0.5));
time('edit: exclude every other photo at random', () =>
  applyEdit(database, { kind: 'exclude', images: scattered }),
);
time('undo of that', () => undoEdit(database));
const fractions = { train: 0.7, validation: 0.15, test: 0.15 };
time('edit: draw a new split', () => applyEdit(database, planSplit(project, fractions, 5)));
project.close();
rmSync(folder, { recursive: true, force: true });
