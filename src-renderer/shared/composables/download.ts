/** Files made in the page, handed to the user. */
import { type CsvValue, csvRow } from '../../../src-main/contract/shared/csv.ts';

/** Offers a file for saving under a name. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Offers a table as CSV. */
export function downloadCsv(
  name: string,
  header: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): void {
  download(name, new Blob([header, ...rows].map(csvRow), { type: 'text/csv' }));
}
