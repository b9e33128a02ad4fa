/** Writes a table for spreadsheets, whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type CsvValue, csvRow } from '../../contract/shared/csv.ts';
import { AppError } from '../../contract/shared/errors.ts';

/**
 * Writes rows as a CSV file (UTF-8).
 * @throws AppError FILE_UNWRITABLE
 */
export function writeCsv(path: string, rows: readonly (readonly CsvValue[])[]): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, rows.map(csvRow).join(''));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNWRITABLE', { path, reason }, { cause: error });
  }
}
