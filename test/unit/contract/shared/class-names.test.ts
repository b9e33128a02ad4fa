import { expect, it } from 'vitest';
import { alikeNames, classNameOf } from '../../../../src-main/contract/shared/class-names.ts';

it.each([
  ['__proto__', '_proto_'],
  ['constructor', 'constructor'],
  ['cafe\u0301', 'caf\u00e9'],
])('%j is stored as %j', (name, stored) => {
  expect(classNameOf(name)).toBe(stored);
});

it('names that differ in letter case, spaces and separators only are alike', () => {
  expect(
    alikeNames([
      'Cat',
      'cat',
      'cat ',
      'Golden Retriever',
      'golden_retriever',
      'ｄｏｇ',
      'dog',
      'cats',
      '1',
      '11',
    ]),
  ).toEqual([
    ['Cat', 'cat', 'cat '],
    ['Golden Retriever', 'golden_retriever'],
    ['ｄｏｇ', 'dog'],
  ]);
});
