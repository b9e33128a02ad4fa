/** Damaged runs and run folders stop nothing else, and another project that cannot be opened harms no training. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import { createProject } from '../../../../src-main/project/project.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  quick,
  trainingCore,
} from '../../../fixtures/training-core.ts';

let here: TrainingCore;
let first: Run;
const settings = { ...quick, epochs: 2, stepsPerEpoch: 4 };
const train = async (): Promise<Run> => {
  const over = here.untilStatus('done', 'failed', 'interrupted');
  await here.client.training.start({ settings });
  const run = await over;
  return run;
};
const reopen = async (): Promise<void> => {
  await here.close({ remove: false });
  here = await trainingCore(here.folder);
  await here.core.projects.openFolder(here.projectFolder);
};
const runFolder = (id: string, ...inner: string[]): string => join(here.projectFolder, 'runs', id, ...inner);

beforeAll(async () => {
  here = await trainingCore();
  await drawShapes(join(here.folder, 'shapes'), 24);
  await importInto(here, join(here.folder, 'shapes'));
  first = await train();
  expect(first.status).toBe('done');
});
afterAll(async () => {
  await here.close();
});

it('a run with an invalid setting is listed as damaged and can be removed; everything else works', async () => {
  const bad = await train();
  await here.core.projects.close();
  const database = new DatabaseSync(join(here.projectFolder, 'project.db'));
  database
    .prepare(
      `UPDATE run SET settings = json_set(settings, '$.epochs', 'many'), status = 'training' WHERE id = ?`,
    )
    .run(bad.id);
  // A stranger's row: an id that leads elsewhere.
  database.exec(`INSERT INTO run SELECT '../../precious', name, recipe, status, created_at, engine, device, '{}',
    classes, data_hash, params, trainable_weights, seconds, test, error, notes, series, computing FROM run LIMIT 1`);
  database.exec(`INSERT INTO run SELECT 'run-unknown', 'Of a later version', 'quantum', 'done', created_at, engine,
    device, settings, classes, data_hash, params, trainable_weights, seconds, test, error, notes, series, computing
    FROM run WHERE id = '${first.id}'`);
  database.close();
  const precious = join(here.folder, 'precious');
  mkdirSync(precious);
  writeFileSync(join(precious, 'photo.jpg'), 'x');

  await here.core.projects.openFolder(here.projectFolder);
  const { training } = here.client;
  expect((await training.runs()).map(({ id }) => id)).toEqual([first.id]);
  const damaged = await training.damagedRuns();
  expect(new Map(damaged.map(({ id, error }) => [id, error.code]))).toEqual(
    new Map([
      [bad.id, 'TRAINING_RUN_DAMAGED'],
      ['../../precious', 'TRAINING_RUN_DAMAGED'],
      ['run-unknown', 'TRAINING_RECIPE_UNKNOWN'],
    ]),
  );
  expect(damaged.find(({ id }) => id === bad.id)).toMatchObject({ name: bad.name, createdAt: bad.createdAt });
  for (const { id } of damaged) {
    expect(await codeOf(training.run({ run: id }))).toMatch(/^TRAINING_/);
    expect(await codeOf(training.evaluate({ run: id, split: 'test' }))).toMatch(/^TRAINING_/);
    expect(await codeOf(training.resume({ run: id }))).toMatch(/^TRAINING_/);
    expect(await codeOf(training.predict({ run: id, images: [1] }))).toMatch(/^TRAINING_/);
  }
  expect((await training.plan({})).blocker).toBeNull();
  expect((await train()).status).toBe('done');
  expect((await training.evaluate({ run: first.id, split: 'test' })).images).toBeGreaterThan(0);
  await training.cleaning({ run: first.id });

  for (const { id } of damaged) await training.removeRun({ run: id });
  expect(await training.damagedRuns()).toEqual([]);
  expect(here.told.filter(({ type }) => type === 'run-removed')).toHaveLength(3);
  expect(existsSync(join(precious, 'photo.jpg'))).toBe(true);
});

it('damaged files in the folder of a run are the problem of that run', async () => {
  const bad = await train();
  writeFileSync(runFolder(bad.id, 'run.json'), '{');
  writeFileSync(runFolder(bad.id, 'dataset.jsonl'), '{"classes":["circles"]}\n[1,2,3]\n');
  writeFileSync(runFolder(bad.id, 'checkpoint', 'state.json'), 'garbage');
  writeFileSync(runFolder(bad.id, 'model', 'model.json'), '{"modelTopology":');
  await reopen();
  expect((await here.client.training.runs()).map(({ id }) => id)).toContain(bad.id);
  expect(await codeOf(here.client.training.evaluate({ run: bad.id, split: 'test' }))).toBe(
    'TRAINING_RECORD_LOST',
  );
  expect(await codeOf(here.client.training.predict({ run: bad.id, images: [1] }))).toMatch(/^MODEL_/);
  expect(await codeOf(here.client.training.extend({ run: bad.id, epochs: 1 }))).toMatch(/^TRAINING_/);
  rmSync(runFolder(bad.id), { recursive: true });
  expect(await codeOf(here.client.training.predict({ run: bad.id, images: [1] }))).toBe('TRAINING_NO_MODEL');
  expect((await train()).status).toBe('done');
  await here.client.training.removeRun({ run: bad.id });
});

it('another project that cannot be opened leaves the one that trains as it is', async () => {
  const hostile = createProject(join(here.folder, 'hostile'), 'Hostile');
  hostile.database.exec(
    'DROP TABLE quarantine; DROP TABLE epoch; DROP TABLE prediction; DROP TABLE evaluation',
  );
  hostile.database.exec('DROP TABLE run');
  hostile.close();
  const { id } = await here.client.training.start({ settings: { ...settings, epochs: 3 } });
  await here.until((run) => run.id === id && run.history.length === 1);
  expect(await codeOf(here.core.projects.openFolder(hostile.folder, undefined, { interrupt: true }))).toBe(
    'PROJECT_DAMAGED',
  );
  expect(here.core.training.activeRun()?.id).toBe(id);
  const done = await here.until((run) => run.id === id && run.status === 'done');
  expect(done.history).toHaveLength(3);
});
