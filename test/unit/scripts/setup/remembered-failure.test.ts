import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  forgetFailure,
  recallFailure,
  rememberFailure,
} from '../../../../scripts/setup/remembered-failure.mjs';
import { StepFailure } from '../../../../scripts/setup/step-failure.mjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-failure-'));
  file = join(folder, 'failures', 'electron.json');
  rememberFailure(file, 'no mirror', new StepFailure('the host is out of reach', 'Try later.'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is recalled for a day', () => {
  const hour = 60 * 60 * 1000;
  expect(recallFailure(file, 'no mirror')).toMatchObject({
    reason: 'the host is out of reach',
    remedy: 'Try later.',
  });
  expect(recallFailure(file, 'no mirror', Date.now() + 23 * hour)).not.toBeNull();
  expect(recallFailure(file, 'no mirror', Date.now() + 25 * hour)).toBeNull();
});

test('is void when the conditions changed, when it was forgotten, and when its file is damaged', () => {
  expect(recallFailure(file, 'a mirror')).toBeNull();
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 10));
  expect(recallFailure(file, 'no mirror')).toBeNull();
  forgetFailure(file);
  expect(recallFailure(file, 'no mirror')).toBeNull();
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EROFS', '/cache cannot be written'],
  ['EACCES', '/cache cannot be written'],
])('%s is told in words', (code, reason) => {
  const error = Object.assign(new Error(code), { code, path: '/cache' });
  expect(StepFailure.from(error, 'Try again.').reason).toBe(reason);
});
