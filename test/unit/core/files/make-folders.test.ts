import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolderTree } from '../../../../src-main/core/files/make-folders.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes a folder and those above it, and leaves one that is there', () => {
  makeFolderTree(join(folder, 'a', 'b', 'c'));
  makeFolderTree(join(folder, 'a', 'b', 'c'));
  expect(existsSync(join(folder, 'a', 'b', 'c'))).toBe(true);
});

it('fails with the reason of the first folder that cannot be made', () => {
  writeFileSync(join(folder, 'file'), 'x');
  expect(() => makeFolderTree(join(folder, 'file', 'deep', 'er'))).toThrowError(/ENOTDIR/);
});
