import { describe, expect, test } from 'vitest';
import { uploadSegments } from '../../../../src-main/datasets/import/upload-path.ts';

describe('uploadSegments', () => {
  test('keeps ordinary paths, in any script', () => {
    expect(uploadSegments('photos/naïve 猫/кот (1).jpg', 'linux')).toEqual([
      'photos',
      'naïve 猫',
      'кот (1).jpg',
    ]);
  });

  test('takes names as long as file systems do', () => {
    const name = `${'猫'.repeat(83)}ab.jpg`;
    expect(Buffer.byteLength(name)).toBe(255);
    expect(uploadSegments(`cats/${name}`, 'linux')).toEqual(['cats', name]);
    expect(() => uploadSegments(`cats/a${name}`, 'linux')).toThrow(/too long/);
  });

  test.each([
    '../secret',
    'a/../../b.jpg',
    '/etc/passwd',
    '\\\\server\\share',
    'C:\\x.jpg',
    'c:x.jpg',
    'a//b.jpg',
    'a/./b.jpg',
    '',
    'a\0b.jpg',
    'a\nb.jpg',
    'a\\..\\..\\b.jpg',
    `${'x'.repeat(300)}.jpg`,
    Array.from({ length: 100 }, () => 'deep').join('/'),
  ])('refuses %j on every system', (path) => {
    const refused = expect.objectContaining({ code: 'UPLOAD_INVALID' }) as Error;
    expect(() => uploadSegments(path, 'linux')).toThrowError(refused);
    expect(() => uploadSegments(path, 'win32')).toThrowError(refused);
  });

  test('on Windows, changes names that cannot be', () => {
    expect(uploadSegments('b/con.jpg', 'win32')).toEqual(['b', '_con.jpg']);
    expect(uploadSegments('who?/aux/end.', 'win32')).toEqual(['who_', '_aux', 'end_']);
    expect(uploadSegments('who?/aux/end.', 'linux')).toEqual(['who?', 'aux', 'end.']);
  });
});
