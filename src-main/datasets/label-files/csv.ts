/** Labels from a table: a column with the photo's path, one with its label, perhaps one with its split. */
import { CsvError, parse } from 'csv-parse/sync';
import { labelColumns, restoreCsvText } from '../../contract/shared/csv.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { splitOfName } from './scan-names.ts';
import type { LabelList, LabelRow } from './label-row.ts';

const pathNames = [
  'path',
  'file',
  'filename',
  'file_name',
  'filepath',
  'file_path',
  'image',
  'image_path',
  'name',
  'id',
];
const labelNames = ['label', 'class', 'classname', 'class_name', 'category', 'target', 'tag', 'labels'];
const splitColumnNames = ['split', 'set', 'subset', 'partition', 'fold'];

interface Columns {
  readonly path: number;
  readonly label: number;
  readonly split: number;
  readonly header: boolean;
  /** The list is one that Lenslet wrote, which marks what would be a formula. */
  readonly own: boolean;
}

/** Rows between two reports of progress. */
const rowsPerReport = 20_000;

/**
 * Reads a CSV list: comma, semicolon or tab; with a header row, or path and label as the first two columns.
 * @param onProgress is told how many bytes are done
 * @throws AppError DATASET_LABELS_INVALID
 */
export function readCsvLabels(
  text: string,
  path: string,
  onProgress?: (done: number, total: number) => void,
): LabelList {
  const invalid = (reason: string, cause?: unknown): AppError =>
    new AppError('DATASET_LABELS_INVALID', { path, reason }, { cause });
  const rows: LabelRow[] = [];
  let columns: Columns | null = null;
  let seen = 0;
  const take = (cells: string[], bytes: number): void => {
    if (++seen % rowsPerReport === 0) onProgress?.(Math.min(bytes, text.length), text.length);
    const begins = columns === null;
    columns ??= findColumns(cells);
    const row = begins && columns.header ? null : toRow(cells, columns);
    if (row !== null) rows.push(row);
  };
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
      onRecord: (cells: string[], { bytes }) => {
        take(cells, bytes);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid(error.message, error);
  }
  if (seen === 0) throw invalid('it is empty');
  if (rows.length === 0) throw invalid('no row has a path and a label');
  return { format: 'csv', rows, ambiguous: 0 };
}

function delimiterOf(text: string): string {
  const firstLine = text.slice(0, 10_000).split(/\r?\n/, 1)[0];
  return [';', '\t', ','].reduce((best, one) =>
    firstLine.split(one).length > firstLine.split(best).length ? one : best,
  );
}

function findColumns(first: readonly string[]): Columns {
  const names = first.map((name) => name.toLowerCase().replace(/[\s-]+/g, '_'));
  const place = (known: readonly string[]): number =>
    known.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const [path, label, split] = [place(pathNames), place(labelNames), place(splitColumnNames)];
  const header = path >= 0 && (label >= 0 || split >= 0);
  const own = labelColumns.every((name) => names.includes(name));
  if (header) return { path, label, split, header, own };
  return { path: 0, label: 1, split: -1, header: false, own: false };
}

function toRow(cells: readonly string[], columns: Columns): LabelRow | null {
  const cell = (at: number): string => (columns.own ? restoreCsvText(cells[at] ?? '') : (cells[at] ?? ''));
  const path = cell(columns.path).replaceAll('\\', '/');
  if (path === '') return null;
  const label = columns.label < 0 ? null : cell(columns.label);
  const named = columns.split < 0 ? '' : cell(columns.split);
  const split = columns.split < 0 || named === '' ? undefined : splitOfName(named);
  // An empty cell means: without a label. A table without labels at all only tells splits.
  return { path, alternatives: [], label: label === '' ? null : label, split };
}
