import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import {
  printableJson,
  printableLine,
  printableText,
} from '../../../../src-main/core/text/printable-text.ts';
import { createOutput } from '../../../../src-main/hosts/cli/output.ts';
import { table } from '../../../../src-main/hosts/cli/text.ts';

/** What a terminal or a reader would be fooled by: title, clear, C1, backspace, overrides, zero width, separators. */
const evil = [
  '\x1b]0;owned\x07',
  '\x1b[2J',
  '\x9b31m',
  '\x90q\x9c',
  'a\b\b',
  'ok\rNO',
  '\x7f',
  'x\u202egpj.exe',
  '\u2066a\u2069',
  'a\u200bb',
  '\ufeffa',
  'a\u00adb',
  '\u{e0041}',
  'a\u2028b\u2029',
  '\x00',
];
/** Control and format characters, but for the ends of lines. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;

test.each(evil)('%j is written out', (text) => {
  for (const shown of [printableLine(text), printableText(text)]) {
    expect(shown).not.toMatch(obeyed);
    expect(shown).toMatch(/\\[xu]/);
  }
});

test.each([
  'Übung 猫',
  'e\u0301',
  '👩\u200d🔬',
  '❤\ufe0f\u200d🔥',
  'می\u200cخواهم',
  'क्\u200dष',
  '\u06dd',
  'a\\x1b',
])('%j stays as it is', (text) => {
  expect(printableLine(text)).toBe(text);
});

test('a text keeps its lines, a line has none', () => {
  expect(printableText('a\r\n\tb\nc')).toBe('a\n\tb\nc');
  expect(printableLine('a\nCODE: forged')).toBe('a\\x0aCODE: forged');
});

describe('the command line', () => {
  function capture(json: boolean) {
    const written = { out: '', err: '' };
    const stdout = { write: (text: string) => void (written.out += text) };
    const stderr = { write: (text: string) => void (written.err += text), isTTY: true, columns: 200 };
    return { written, output: createOutput(json, stdout, stderr) };
  }

  test.each(evil)('obeys nothing in the name %j, wherever it is printed', (name) => {
    const { written, output } = capture(false);
    output.answer(
      {},
      table([
        ['class', 'images'],
        [name, '1'],
      ]),
    );
    output.answer({}, `${name}: cats 71.5%`);
    output.say(name);
    output.fail(new AppError('MODEL_NOT_FOUND', { path: name }));
    output.progress(0.5, name);
    expect(written.out).not.toMatch(obeyed);
    // The bar before a line is taken away with an escape of our own.
    expect(written.err.replaceAll('\r\x1b[K', '')).not.toMatch(obeyed);
  });

  test('prints JSON without them, which is read back as it was', () => {
    const { written, output } = capture(true);
    output.answer({ names: evil }, null);
    output.fail(new AppError('MODEL_NOT_FOUND', { path: evil.join('') }));
    expect(written.out).not.toMatch(obeyed);
    const [first, second] = written.out.trimEnd().split('\n');
    expect(JSON.parse(first)).toEqual({ names: evil });
    expect(second).toContain('MODEL_NOT_FOUND');
    expect(JSON.parse(printableJson({ a: 'x"\\' }))).toEqual({ a: 'x"\\' });
  });
});
