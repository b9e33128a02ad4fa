/** Labels from a table: a column with the photo's path, one with its label, perhaps one with its split. */
import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '../../contract/errors.ts';
import { splitOfName } from '../scan-names.ts';
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
}

/**
 * Reads a CSV list: comma, semicolon or tab; with a header row, or path and label as the first two columns.
 * @throws AppError DATASET_LABELS_INVALID
 */
export function readCsvLabels(text: string, path: string): LabelList {
  const rows = parseRows(text, path);
  if (rows.length === 0) throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it is empty' });
  const columns = findColumns(rows[0]);
  const found = rows.slice(columns.header ? 1 : 0).flatMap((cells) => toRow(cells, columns) ?? []);
  if (found.length === 0) {
    throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'no row has a path and a label' });
  }
  return { format: 'csv', rows: found, ambiguous: 0 };
}

function parseRows(text: string, path: string): string[][] {
  const firstLine = text.slice(0, 10_000).split(/\r?\n/, 1)[0];
  const delimiter = [';', '\t', ','].reduce((best, one) =>
    firstLine.split(one).length > firstLine.split(best).length ? one : best,
  );
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AppError('DATASET_LABELS_INVALID', { path, reason: error.message }, { cause: error });
  }
}

function findColumns(first: readonly string[]): Columns {
  const names = first.map((name) => name.toLowerCase().replace(/[\s-]+/g, '_'));
  const place = (known: readonly string[]): number =>
    known.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const [path, label, split] = [place(pathNames), place(labelNames), place(splitColumnNames)];
  const header = path >= 0 && (label >= 0 || split >= 0);
  if (header) return { path, label, split, header };
  return { path: 0, label: 1, split: -1, header: false };
}

function toRow(cells: readonly string[], columns: Columns): LabelRow | null {
  const path = (cells[columns.path] ?? '').replaceAll('\\', '/');
  if (path === '') return null;
  const label = columns.label < 0 ? null : (cells[columns.label] ?? '');
  const named = columns.split < 0 ? '' : (cells[columns.split] ?? '');
  const split = columns.split < 0 || named === '' ? undefined : splitOfName(named);
  // An empty cell means: without a label. A table without labels at all only tells splits.
  return { path, alternatives: [], label: label === '' ? null : label, split };
}
