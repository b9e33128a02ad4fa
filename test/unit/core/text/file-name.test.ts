import { expect, it } from 'vitest';
import { safeFileName } from '../../../../src-main/core/text/file-name.ts';

it.each([
  ['My cats', 'My cats'],
  ['Über/Cats: "x"', 'Über Cats x'],
  ['../../etc/passwd', '.. .. etc passwd'],
  ['..', 'project'],
  ['  ', 'project'],
  ['con', 'con-'],
  ['LPT1.txt', 'LPT1.txt-'],
  ['猫とねこ', '猫とねこ'],
  ['name. ', 'name'],
  ['a\u0000b', 'a b'],
])('%j becomes the folder name %j', (text, expected) => {
  expect(safeFileName(text, 'project')).toBe(expected);
});
