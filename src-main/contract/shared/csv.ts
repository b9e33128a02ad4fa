/** The one way a table becomes CSV, for the page as for the services: RFC 4180, and no cell is a formula. */

/** What a cell may hold; null is an empty one. */
export type CsvValue = string | number | null;

/** What a spreadsheet computes instead of showing, in narrow and in wide letters (OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r\n＝＋－＠]/u;
/** As above, behind marks of ours. */
const marked = /^'+[=+\-@\t\r\n＝＋－＠]/u;
const plainNumber = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A text that a spreadsheet takes as text: with `'` before what it would compute, and before such a `'`. */
function defused(text: string): string {
  const harmless = plainNumber.test(text) || !(formula.test(text) || marked.test(text));
  return harmless ? text : `'${text}`;
}

/** Takes away the `'` that `csvRow` has put before a text; every text comes back as it was. */
export function restoreCsvText(cell: string): string {
  return marked.test(cell) ? cell.slice(1) : cell;
}

function field(value: CsvValue): string {
  if (typeof value === 'number') return String(value);
  const text = defused(value ?? '');
  // The other delimiters too: a spreadsheet of another language may split at them.
  return /[",;\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row of a table, its line end included. */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

/** The columns of the labels that Lenslet exports; by them it knows its own lists. */
export const labelColumns = ['path', 'label', 'split', 'comment', 'width', 'height', 'sha256'] as const;
