import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sourceHash } from '../../../../scripts/setup/bundles.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-bundle-'));
  mkdirSync(join(folder, 'src', 'screens'), { recursive: true });
  writeFileSync(join(folder, 'src', 'screens', 'start.vue'), '<template />');
  writeFileSync(join(folder, 'lock.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hash = (): string => sourceHash(folder, ['src', 'lock.json', 'not-there']);

test('only content and names count, not dates', () => {
  const before = hash();
  utimesSync(join(folder, 'lock.json'), new Date(0), new Date(0));
  expect(hash()).toBe(before);
});

test.each([
  ['a changed file', () => writeFileSync(join(folder, 'src', 'screens', 'start.vue'), '<template >')],
  ['a changed single file', () => writeFileSync(join(folder, 'lock.json'), '[]')],
  ['a new file', () => writeFileSync(join(folder, 'src', 'empty.ts'), '')],
  ['a removed folder', () => rmSync(join(folder, 'src', 'screens'), { recursive: true })],
])('%s asks for a new build', (_name, change) => {
  const before = hash();
  change();
  expect(hash()).not.toBe(before);
});
