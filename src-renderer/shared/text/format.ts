/** Numbers, times and sizes as people read them. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 3,453,121 */
export function count(value: number): string {
  return whole.format(value);
}

/** `1 image`, `4,000 images` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** 0.7153 → 71.5% */
export function percent(fraction: number, digits = 1): string {
  return `${(fraction * 100).toFixed(digits)}%`;
}

/** `96.9–98.6%`: where the true accuracy lies. */
export function intervalText([low, high]: readonly [number, number], digits = 1): string {
  return `${(low * 100).toFixed(digits)}–${percent(high, digits)}`;
}

/** A loss: three significant places after the point. */
export function lossText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '∞';
}

/** A rate such as 0.0001 or 0.001, without needless zeros. */
export function rateText(value: number): string {
  return value < 1e-6 ? value.toExponential() : value.toFixed(8).replace(/\.?0+$/, '');
}

/** 4 s, 2 min 05 s, 1 h 12 min */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${String(total % 60).padStart(2, '0')} s`;
  return `${Math.floor(total / 3600)} h ${String(Math.floor((total % 3600) / 60)).padStart(2, '0')} min`;
}

/** 512 B, 48 kB, 3.2 MB */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${size.toFixed(unit === 0 || size >= 10 ? 0 : 1)} ${units[unit]}`;
}

/** Something per second: 0.4, 12, 1,240 */
export function perSecond(value: number): string {
  return value >= 10 ? whole.format(value) : value.toFixed(1);
}

/** `just now`, `5 min ago`, `yesterday`, `12 Nov 2026` */
export function ago(iso: string, now = Date.now()): string {
  const then = new Date(iso).getTime();
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 48 * 60) return 'yesterday';
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** 23 Nov 2026, 14:05 */
export function moment(iso: string): string {
  return moments.format(new Date(iso));
}

/** `training`, `validation`, `test`: splits as the app writes them. */
export const splitWords = { train: 'Training', validation: 'Validation', test: 'Test' } as const;

/** The three splits, in their order. */
export const splits = ['train', 'validation', 'test'] as const;
