/** Labels from a table as text: a column with the photo's path, one with its label, perhaps one with its split. */
import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '../../contract/shared/errors.ts';
import type { LabelList } from './label-row.ts';
import { LabelTable } from './table.ts';
import { hasImageEnding } from './scan-names.ts';

/** Rows between two reports of progress. */
const rowsPerReport = 20_000;

/**
 * Reads a table: comma, semicolon, tab, bar or, behind photos without spaces in their names, spaces between columns.
 * @param onProgress is told how many bytes are done
 * @throws AppError DATASET_LABELS_INVALID, DATASET_LIST_COLUMNS
 */
export function readCsvLabels(
  text: string,
  path: string,
  onProgress?: (done: number, total: number) => void,
): LabelList {
  const table = new LabelTable(path);
  let seen = 0;
  const said = /^\uFEFF?"?sep=(.)"?(\r\n|\n|\r)/i.exec(text);
  const rows = said === null ? text : text.slice(said[0].length);
  try {
    parse(rows, {
      bom: true,
      delimiter: said?.[1] ?? delimiterOf(rows),
      relaxColumnCount: true,
      // An inch mark is no quotation mark.
      relaxQuotes: true,
      skipEmptyLines: true,
      trim: true,
      onRecord: (cells: string[], { bytes }) => {
        if (++seen % rowsPerReport === 0) onProgress?.(Math.min(bytes, text.length), text.length);
        table.add(cells);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AppError('DATASET_LABELS_INVALID', { path, reason: reasonOf(error) }, { cause: error });
  }
  return table.end();
}

function reasonOf({ code, message, lines }: CsvError & { lines?: number }): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return `a quotation mark that begins at line ${String(lines)} is not closed`;
  return message;
}

function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 100_000)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  const [first = ''] = lines;
  const unquoted = first.replace(/"[^"]*"/g, '');
  const best = [';', '\t', ',', '|'].reduce((found, one) =>
    unquoted.split(one).length > unquoted.split(found).length ? one : found,
  );
  const isPair = (line: string): boolean => /^\S+ +\S+$/.test(line) && hasImageEnding(line.split(' ')[0]);
  return !unquoted.includes(best) && lines.every(isPair) ? ' ' : best;
}
