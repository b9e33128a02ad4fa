import { expect, test } from 'vitest';
import { lab } from '../../../../src-main/hosts/cli/commands/lesson/lab.ts';
import { createOutput } from '../../../../src-main/hosts/cli/output.ts';

interface Answer {
  readonly output: number[][];
  readonly steps?: readonly unknown[];
}

const usual = { padding: 'valid', kind: 'max', size: 2 } as const;

async function answerOf(
  json: boolean,
  ...[flags, what]: [Parameters<typeof lab>[1], 'convolution' | 'pooling']
) {
  let written = '';
  const sink = { write: (text: string) => (written += text) };
  await lab(createOutput(json, sink, sink), flags, what);
  return written;
}

test('computes the lesson’s convolution, with the products of each position', async () => {
  const found = JSON.parse(await answerOf(true, { ...usual, steps: true }, 'convolution')) as Answer;
  expect(found.output).toEqual([
    [12, 12, 17],
    [10, 17, 19],
    [9, 6, 14],
  ]);
  expect(found.steps).toHaveLength(9);
  const text = await answerOf(false, { ...usual, steps: true }, 'convolution');
  expect(text).toContain('(5 − 3 + 0) / 1 + 1 = 3');
  expect(text).toContain('[0, 0]  0 + 3 + 4 + 0 + 0 + 0 + 0 + 1 + 4 = 12');
});

test('pools the lesson’s grid, and any that is typed', async () => {
  const average = JSON.parse(await answerOf(true, { ...usual, kind: 'average' }, 'pooling')) as Answer;
  expect(average.output.flat().map((value) => value.toFixed(4))).toEqual([
    '0.0950',
    '0.1075',
    '0.0600',
    '0.0775',
  ]);
  const typed = JSON.parse(await answerOf(true, { ...usual, image: '1 2; 3 4' }, 'pooling')) as Answer;
  expect(typed.output).toEqual([[4]]);
});

test('refuses what is no grid, and a window that does not fit', () => {
  expect(() => lab(createOutput(true), { ...usual, image: '1 2; 3' }, 'convolution')).toThrow(
    /rows of numbers/,
  );
  expect(() => lab(createOutput(true), { ...usual, image: '1 2; 3 4' }, 'convolution')).toThrow(
    /does not fit/,
  );
});
