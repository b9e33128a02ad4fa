import { describe, expect, it } from 'vitest';
import {
  type NamedEntry,
  UncertainNames,
  namesOfEntries,
} from '../../../../src-main/datasets/import/zip-names.ts';

const entry = (bytes: readonly number[] | string, utf8 = false): NamedEntry => ({
  fileName: 'as the library reads it',
  fileNameRaw: Buffer.from(bytes as number[]),
  generalPurposeBitFlag: utf8 ? 0x800 : 0,
  extraFields: [],
});
const ascii = (text: string): number[] => [...Buffer.from(text)];

describe('names of archives', () => {
  it.each<[string, readonly number[] | string, string]>([
    ['UTF-8 that is not declared', 'Kätzchen/1.jpg', 'Kätzchen/1.jpg'],
    // 猫/ネコ.jpg; the second byte of ソ is a backslash.
    ['Shift JIS', [0x94, 0x4c, 0x2f, 0x83, 0x6c, 0x83, 0x52, ...ascii('.jpg')], '猫/ネコ.jpg'],
    ['Shift JIS with a backslash in a letter', [0x83, 0x5c, 0x2f, ...ascii('1.jpg')], 'ソ/1.jpg'],
    [
      'German Windows',
      [...ascii('K'), 0x84, ...ascii('tzchen/Gr'), 0x94, 0xe1, ...ascii('e.jpg')],
      'Kätzchen/Größe.jpg',
    ],
    ['French Windows', [0x90, ...ascii('t'), 0x82, ...ascii('/1.jpg')], 'Été/1.jpg'],
  ])('%s', (_what, bytes, name) => {
    expect(namesOfEntries([entry(bytes)])).toEqual([name]);
  });

  it.each<[string, readonly number[]]>([
    ['GBK', [0xc3, 0xa8, 0xb9, 0xb7, 0x2f, ...ascii('1.jpg')]],
    ['EUC-KR', [0xb0, 0xed, 0xbe, 0xe7, 0xc0, 0xcc, 0x2f, ...ascii('1.jpg')]],
    ['Windows-1251', [0xea, 0xee, 0xf8, 0xea, 0xe0, 0x2f, ...ascii('1.jpg')]],
  ])('folders in %s are not guessed at', (_what, bytes) => {
    expect(() => namesOfEntries([entry(bytes)])).toThrow(UncertainNames);
  });

  it('what only names photos does not keep them out', () => {
    expect(
      namesOfEntries([entry([...ascii('cats/'), 0xc3, 0xa8, 0xb9, 0xb7, ...ascii('.jpg')])]),
    ).toHaveLength(1);
  });

  it('entries that say they are in UTF-8 stay as they are', () => {
    expect(namesOfEntries([entry('x', true)])).toEqual(['as the library reads it']);
  });
});
