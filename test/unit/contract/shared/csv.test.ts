import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { csvRow, labelColumns, restoreCsvText } from '../../../../src-main/contract/shared/csv.ts';
import { readCsvLabels } from '../../../../src-main/datasets/label-files/csv.ts';

const names = [
  '=1+1',
  '=HYPERLINK("http://evil.example";"x")',
  '-cats',
  '+dogs',
  '@x',
  "'quoted",
  "'=x",
  "''-y",
  '-1.5',
  "'-1.5",
  '1e5',
  '＝1+1',
  'a, "b"; c',
  'two\nlines',
  '\tindented',
  'Übung 猫',
];
const rowsOf = (text: string): string[][] => parse(text);
const cellsOf = (row: string): string[] => rowsOf(row)[0];

test.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1", '-', '-1.5x', '=-1'])(
  'a spreadsheet takes %j as text',
  (text) => {
    expect(cellsOf(csvRow([text]))[0]).toBe(`'${text}`);
  },
);

test.each([
  [-1.5, '-1.5'],
  ['-1.5', '-1.5'],
  ['-2e-7', '-2e-7'],
  [-2e-7, '-2e-7'],
  ["'quoted", "'quoted"],
  ['a-b', 'a-b'],
  [null, ''],
])('%j stays as it is', (value, written) => {
  expect(csvRow([value])).toBe(`${written}\r\n`);
});

test('delimiters of all languages, quotes and line ends are quoted', () => {
  expect(csvRow(['a,b', 'c;d', 'e"f', 'g\nh', 'i\tj', ' k '])).toBe(
    '"a,b","c;d","e""f","g\nh","i\tj"," k "\r\n',
  );
});

describe('a list that Lenslet wrote', () => {
  test('is read with the names it was written from', () => {
    const rows = names.map((name, i) => [`${name}/${i}.jpg`, name, 'train', null, 64, 64, 'f'.repeat(64)]);
    const text = [labelColumns, ...rows].map(csvRow).join('');
    const read = readCsvLabels(text, 'labels.csv').rows;
    expect(read.map(({ label }) => label)).toEqual(names);
    expect(read.map(({ path }) => path)).toEqual(rows.map(([path]) => path));
  });

  test('gives every text back', () => {
    for (const name of names) expect(restoreCsvText(cellsOf(csvRow([name]))[0])).toBe(name);
  });
});

test('lists of other programs are read as they are', () => {
  const read = readCsvLabels("path,label\na.jpg,'-x\n'=b.jpg,y\n", 'other.csv').rows;
  expect(read.map(({ path, label }) => [path, label])).toEqual([
    ['a.jpg', "'-x"],
    ["'=b.jpg", 'y'],
  ]);
});
