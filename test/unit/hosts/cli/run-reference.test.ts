import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveModel, resolveRun } from '../../../../src-main/hosts/cli/run-reference.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-reference-'));
  for (const part of ['project/runs/run-1', 'elsewhere/runs/run-1', 'tfjs'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'project', 'project.db'), '');
  writeFileSync(join(folder, 'tfjs', 'model.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a run folder names its project', () => {
  const run = { kind: 'run', project: join(folder, 'project'), run: 'run-1' };
  expect(resolveModel(join(folder, 'project/runs/run-1'), undefined)).toEqual(run);
  expect(resolveModel(join(folder, 'project/runs/run-1/'), undefined)).toEqual(run);
});

test('an id is a run of --project', () => {
  expect(resolveModel('run-1', join(folder, 'project'))).toEqual({
    kind: 'run',
    project: join(folder, 'project'),
    run: 'run-1',
  });
  expect(() => resolveModel('run-1', undefined)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }));
});

test('a model file, or a folder with one, is a model', () => {
  const file = { kind: 'file', path: join(folder, 'tfjs', 'model.json') };
  expect(resolveModel(join(folder, 'tfjs', 'model.json'), undefined)).toEqual(file);
  expect(resolveModel(join(folder, 'tfjs'), undefined)).toEqual(file);
});

test('a path that is no model is said to be none', () => {
  for (const path of [
    join(folder, 'nothing', 'model.json'),
    join(folder, 'elsewhere/runs/run-1'),
    'missing.json',
  ]) {
    expect(() => resolveModel(path, undefined)).toThrow(expect.objectContaining({ code: 'MODEL_NOT_FOUND' }));
  }
});

test('where a run is needed, a model file is wrong usage', () => {
  expect(() => resolveRun(join(folder, 'tfjs'), undefined)).toThrow(
    expect.objectContaining({ code: 'USAGE_INVALID' }),
  );
});
