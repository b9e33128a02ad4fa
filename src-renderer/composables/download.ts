/** Files made in the page, handed to the user. */

/** Offers a file for saving under a name. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Offers a table as CSV (RFC 4180). */
export function downloadCsv(
  name: string,
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): void {
  const lines = [header, ...rows].map((row) => row.map(cell).join(','));
  download(name, new Blob([`${lines.join('\r\n')}\r\n`], { type: 'text/csv' }));
}
