import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dropLinks } from '../../../../src-main/core/files/drop-links.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'lenslet-links-'));
  mkdirSync(join(base, 'elsewhere'));
  writeFileSync(join(base, 'elsewhere', 'file'), 'kept');
});
afterEach(() => rmSync(base, { recursive: true }));

it('removes links at any depth and leaves what they lead to', () => {
  const cache = join(base, 'cache');
  mkdirSync(join(cache, 'tiles', '150x3'), { recursive: true });
  writeFileSync(join(cache, 'tiles', 'file'), 'own');
  symlinkSync(join(base, 'elsewhere'), join(cache, 'folder'));
  symlinkSync(join(base, 'elsewhere', 'file'), join(cache, 'tiles', '150x3', 'tiles.pack'));
  symlinkSync(join(base, 'nothing'), join(cache, 'tiles', 'dangling'));
  dropLinks(cache);
  expect(existsSync(join(cache, 'folder'))).toBe(false);
  expect(existsSync(join(cache, 'tiles', '150x3', 'tiles.pack'))).toBe(false);
  expect(readFileSync(join(cache, 'tiles', 'file'), 'utf8')).toBe('own');
  expect(readFileSync(join(base, 'elsewhere', 'file'), 'utf8')).toBe('kept');
});

it('removes a folder that is a link itself, and minds nothing that is missing or a file', () => {
  symlinkSync(join(base, 'elsewhere'), join(base, 'cache'));
  dropLinks(join(base, 'cache'));
  dropLinks(join(base, 'cache'));
  dropLinks(join(base, 'elsewhere', 'file'));
  expect(existsSync(join(base, 'cache'))).toBe(false);
  expect(readFileSync(join(base, 'elsewhere', 'file'), 'utf8')).toBe('kept');
});
