/** Numbers, bars and tables as a terminal shows them. */
import { printableLine } from '../../core/text/printable-text.ts';

const BAR_WIDTH = 24;

/**
 * A progress bar with its label, cut to the terminal's width.
 * @param fraction 0 to 1; NaN draws an empty bar for work of unknown size
 */
export function barText(fraction: number, label: string, columns: number): string {
  const done = Math.round(BAR_WIDTH * Math.min(1, Math.max(0, fraction || 0)));
  return `${'█'.repeat(done)}${'░'.repeat(BAR_WIDTH - done)} ${label}`.slice(0, Math.max(1, columns - 1));
}

/** `0.715` as `71.5%`. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)}%`;
}

/** A whole number with thousands separated: `3,453,121`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A size: `17 MB`, `0.6 MB`. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value.toFixed(value < 10 ? 1 : 0)} MB`;
}

/** Seconds as people say them: `4.2 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/**
 * Rows as aligned columns, the first row as the heading. Columns that hold only numbers stand to the right.
 * @returns the lines, without a line break at the end
 */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printableLine));
  const columns = Math.max(...rows.map((row) => row.length));
  const isNumeric = (column: number): boolean =>
    rows.length > 1 && rows.slice(1).every((row) => /^[\d,.×%–-]*$/.test(row[column] ?? ''));
  const width = (column: number): number => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const shapes = Array.from({ length: columns }, (_, i) => ({ numeric: isNumeric(i), width: width(i) }));
  const lines = rows.map((row) =>
    shapes
      .map(({ numeric, width: size }, i) =>
        numeric ? (row[i] ?? '').padStart(size) : (row[i] ?? '').padEnd(size),
      )
      .join('  ')
      .trimEnd(),
  );
  const rule = shapes.map(({ width: size }) => '─'.repeat(size)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** A word as a shell takes it back: in quotes where it holds anything that a shell may read otherwise. */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(word) && (platform === 'win32' || !word.includes('\\')))
    return word;
  return platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
