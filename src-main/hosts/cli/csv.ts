/** Writes a table for spreadsheets, whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '../../contract/errors.ts';

/** One value as RFC 4180 wants it. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Writes rows as a CSV file (RFC 4180, UTF-8).
 * @throws AppError FILE_UNWRITABLE
 */
export function writeCsv(path: string, rows: readonly (readonly (string | number)[])[]): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, rows.map((row) => `${row.map(field).join(',')}\r\n`).join(''));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNWRITABLE', { path, reason }, { cause: error });
  }
}
