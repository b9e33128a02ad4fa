import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinInside, ownPath, realInside } from '../../../../src-main/core/files/join-inside.ts';

const outside = expect.objectContaining({ code: 'PATH_OUTSIDE' }) as Error;
const isLink = expect.objectContaining({ code: 'PATH_IS_LINK' }) as Error;

let base: string;
let root: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'lenslet-inside-')));
  root = join(base, 'root');
  mkdirSync(join(root, 'inner'), { recursive: true });
  mkdirSync(join(base, 'elsewhere'));
  writeFileSync(join(base, 'elsewhere', 'file'), 'x');
  writeFileSync(join(root, 'inner', 'file'), 'x');
});
afterEach(() => rmSync(base, { recursive: true }));

describe('joinInside', () => {
  it.each(['file.bin', 'a/b/c.bin', './weights.bin', 'naïve 猫/кот (1).jpg', '..a/b..', 'a b.', '~/.bashrc'])(
    'joins %j',
    (path) => expect(joinInside('/data/root', path, 'linux')).toBe(join('/data/root', path)),
  );

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../../x',
    'a/..',
    '/etc/passwd',
    '//server/share/x',
    'a//b',
    'a/',
    'a\0b',
  ])('refuses %j on every system', (path) => {
    expect(() => joinInside(root, path, 'linux')).toThrowError(outside);
    expect(() => joinInside(root, path, 'win32')).toThrowError(outside);
  });

  it.each([
    '\\\\server\\share\\x',
    '\\\\?\\C:\\x',
    '\\\\.\\PhysicalDrive0',
    'C:\\x',
    'c:x',
    'a\\..\\..\\x',
    'photo.jpg:hidden',
    'a/con',
    'NUL.txt',
    'com¹.jpg',
    'aux .jpg',
    'CONIN$',
    'a/.. /x',
    'end.',
  ])('refuses %j on Windows', (path) => {
    expect(() => joinInside(root, path, 'win32')).toThrowError(outside);
  });
});

describe('realInside', () => {
  it('follows links that stay in the folder, also when the folder is reached by one', () => {
    symlinkSync(join(root, 'inner'), join(root, 'also'));
    symlinkSync(root, join(base, 'by-link'));
    expect(realInside(join(base, 'by-link'), 'also/file')).toBe(join(base, 'by-link', 'also', 'file'));
    expect(realInside(root, 'not/yet/there')).toBe(join(root, 'not', 'yet', 'there'));
    expect(realInside(join(base, 'no-root'), 'file')).toBe(join(base, 'no-root', 'file'));
  });

  it('refuses links that lead out, at any place of the path, and links to nowhere', () => {
    symlinkSync(join(base, 'elsewhere', 'file'), join(root, 'file'));
    symlinkSync(join(base, 'elsewhere'), join(root, 'inner', 'folder'));
    symlinkSync(join(base, 'nothing'), join(root, 'dangling'));
    symlinkSync('loop', join(root, 'loop'));
    for (const path of ['file', 'inner/folder', 'inner/folder/file', 'inner/folder/new', 'dangling', 'loop'])
      expect(() => realInside(root, path), path).toThrowError(outside);
  });
});

describe('ownPath', () => {
  it('gives places that are there or not, also when the folder is reached by a link', () => {
    symlinkSync(root, join(base, 'by-link'));
    expect(ownPath(join(base, 'by-link'), 'inner', 'file')).toBe(join(base, 'by-link', 'inner', 'file'));
    expect(ownPath(root, 'runs', 'run-1')).toBe(join(root, 'runs', 'run-1'));
  });

  it('refuses every link below the folder, wherever it leads', () => {
    symlinkSync(join(root, 'inner'), join(root, 'also'));
    symlinkSync(join(base, 'nothing'), join(root, 'dangling'));
    expect(() => ownPath(root, 'also', 'file')).toThrowError(isLink);
    expect(() => ownPath(root, 'also')).toThrowError(isLink);
    expect(() => ownPath(root, 'dangling')).toThrowError(isLink);
    expect(() => ownPath(root, 'inner', '../../x')).toThrowError(outside);
  });
});
