import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { recipes } from '../../../../src-main/registries/recipes/index.ts';
import { createOutput } from '../../../../src-main/hosts/cli/output.ts';
import { recipeIds } from '../../../../src-main/hosts/cli/ids/recipe-ids.ts';
import { exitCodeOf } from '../../../../src-main/hosts/cli/run-command-line.ts';
import { backboneIds } from '../../../../src-main/hosts/cli/ids/backbone-ids.ts';
import { backbones } from '../../../../src-main/registries/backbones/index.ts';
import { barText, duration, shellWord, table } from '../../../../src-main/hosts/cli/text.ts';

test('the help lists the recipes there are', () => {
  expect([...recipeIds].sort()).toEqual(recipes.map(({ id }) => id).sort());
});

test('the help lists the backbones there are', () => {
  expect([...backboneIds].sort()).toEqual(backbones.map(({ id }) => id).sort());
});

test.each([
  ['photos/Äpfel', 'linux', 'photos/Äpfel'],
  ["Anna's photos", 'linux', "'Anna'\\''s photos'"],
  ['C:\\my photos', 'win32', '"C:\\my photos"'],
] as const)('%s on %s is pasted as %s', (word, platform, pasted) => {
  expect(shellWord(word, platform)).toBe(pasted);
});

test('columns are aligned, numbers to the right', () => {
  const text = table([
    ['class', 'images'],
    ['cats', '1,000'],
    ['猫 and dogs', '7'],
  ]);
  expect(text.split('\n')).toEqual([
    'class       images',
    '──────────  ──────',
    'cats         1,000',
    '猫 and dogs       7',
  ]);
});

test.each([
  [4.21, '4.2 s'],
  [59.94, '59.9 s'],
  [185, '3 min 05 s'],
  [3720, '1 h 02 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('a bar fits the terminal and stands for unknown sizes too', () => {
  expect(barText(0.5, 'half', 80)).toBe('████████████░░░░░░░░░░░░ half');
  expect(barText(Number.NaN, 'looking', 80)).toBe('░░░░░░░░░░░░░░░░░░░░░░░░ looking');
  expect(barText(1, 'x'.repeat(100), 40)).toHaveLength(39);
});

describe('output', () => {
  function capture(json: boolean, terminal: boolean) {
    const written = { out: '', err: '' };
    const stdout = { write: (text: string) => void (written.out += text) };
    const stderr = { write: (text: string) => void (written.err += text), isTTY: terminal, columns: 60 };
    return { written, output: createOutput(json, stdout, stderr) };
  }

  test('with --json only objects are on stdout, one a line', () => {
    const { written, output } = capture(true, true);
    output.say('hello');
    output.progress(0.3, 'reading');
    output.answer({ a: 1 }, 'text for people');
    output.fail(new AppError('MODEL_NOT_FOUND', { path: 'x' }));
    const lines = written.out.trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { a: 1 },
      {
        error: {
          code: 'MODEL_NOT_FOUND',
          message: 'There is no model at x.',
          remedy: 'Give a run id or a model file (model.json, .h5 or .keras).',
        },
      },
    ]);
  });

  test('without it the text is', () => {
    const { written, output } = capture(false, false);
    output.answer({ a: 1 }, 'text for people');
    output.answer({ a: 2 }, null);
    output.fail(new AppError('MODEL_NOT_FOUND', { path: 'x' }));
    expect(written.out).toBe('text for people\n');
    expect(written.err).toBe(
      'MODEL_NOT_FOUND: There is no model at x. Give a run id or a model file (model.json, .h5 or .keras).\n',
    );
  });

  test('bars are drawn on a terminal only, and are gone before anything else is written', () => {
    const terminal = capture(false, true);
    terminal.output.progress(0.5, 'half');
    terminal.output.answer({}, 'done');
    expect(terminal.written.err.endsWith('half\r\u001b[K')).toBe(true);
    const pipe = capture(false, false);
    pipe.output.progress(0.5, 'half');
    expect(pipe.written.err).toBe('');
  });
});

test('exit codes', () => {
  expect(exitCodeOf(new AppError('MODEL_NOT_FOUND'))).toBe(1);
  expect(exitCodeOf(new AppError('USAGE_INVALID'))).toBe(2);
  expect(exitCodeOf(new AppError('INTERNAL_BUG'))).toBe(70);
  expect(exitCodeOf(new AppError('CANCELLED'))).toBe(130);
});
