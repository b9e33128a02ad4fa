import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readClassNames } from '../../../../src-main/hosts/cli/class-names.ts';
import { writeCsv } from '../../../../src-main/hosts/cli/csv.ts';
import { hasDisplay } from '../../../../src-main/hosts/node/open-browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'lenslet-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('class names', () => {
  const read = (text: string): string[] => {
    writeFileSync(join(folder, 'names'), text);
    return readClassNames(join(folder, 'names'));
  };

  test.each([
    ['cats\r\ndogs\n\n', ['cats', 'dogs']],
    ['\uFEFFKatzen\nHunde, große', ['Katzen', 'Hunde, große']],
    ['["cats","dogs"]', ['cats', 'dogs']],
    ['{"0":"cats","1":"dogs"}', ['cats', 'dogs']],
    ['{"1":["n02","dog"],"0":["n01","cat"]}', ['cat', 'dog']],
  ])('%j', (text, names) => {
    expect(read(text)).toEqual(names);
  });

  test.each(['[1,2]', '{"0":"a","2":"b"}', '{"cats":0,"dogs":1}', '["a",'])('%s is refused', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  });

  test('a missing file is said to be missing', () => {
    expect(() => readClassNames(join(folder, 'nothing'))).toThrow(
      expect.objectContaining({
        code: 'FILE_UNREADABLE',
        params: expect.objectContaining({ reason: 'ENOENT' }) as unknown,
      }),
    );
  });
});

describe('tables', () => {
  test('quotes what needs it and replaces the old file as a whole', () => {
    const path = join(folder, 'csv', 'out.csv');
    mkdirSync(join(folder, 'csv'));
    writeFileSync(path, 'old');
    writeCsv(path, [
      ['image', 'probability'],
      ['a, "b"\n.jpg', 0.5],
      ['ü 猫', ''],
    ]);
    expect(readFileSync(path, 'utf8')).toBe('image,probability\r\n"a, ""b""\n.jpg",0.5\r\nü 猫,\r\n');
    expect(readdirSync(join(folder, 'csv'))).toEqual(['out.csv']);
  });

  test('where it cannot be written is said', () => {
    expect(() => writeCsv(join(folder, 'nowhere', 'out.csv'), [])).toThrow(
      expect.objectContaining({ code: 'FILE_UNWRITABLE' }),
    );
  });
});

test('a browser is opened only where there is a display', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'win32')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});
