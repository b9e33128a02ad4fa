import { expect, it } from 'vitest';
import { classOfWord } from '../../../../src-main/hosts/cli/class-of-word.ts';

const numbered = ['0', '1', '10', '11', '12', '2', '3'];

it.each<[string, readonly string[], number]>([
  ['2', numbered, 5],
  ['10', numbered, 2],
  ['6', numbered, 6],
  ['1', ['cats', 'dogs'], 1],
  ['dogs', ['cats', 'dogs'], 1],
])('%s of %j is output %i: an exact name goes before a number', (word, classes, output) => {
  expect(classOfWord(word, classes)).toBe(output);
});

it('a word that is neither says what there is', () => {
  expect(() => classOfWord('7', ['cats', 'dogs'])).toThrowError(
    expect.objectContaining({ code: 'MODEL_CLASS_UNKNOWN' }) as Error,
  );
  expect(() => classOfWord('dgos', ['cats', 'dogs'])).toThrowError(
    expect.objectContaining({ code: 'MODEL_CLASS_NAME_UNKNOWN' }) as Error,
  );
});
