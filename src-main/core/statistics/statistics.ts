/** Statistics of results. */

/** The 97.5% point of the normal distribution: 95% lie within so many standard deviations. */
const z95 = 1.959963984540054;

/**
 * Where the true share lies with 95% confidence after `right` of `total` were right: the Wilson score interval,
 * `(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`.
 * @returns lower and upper end, 0 to 1; null without any observation
 * @see Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927)
 */
export function wilsonInterval(right: number, total: number): [number, number] | null {
  if (total <= 0) return null;
  const p = right / total;
  const z2 = z95 ** 2;
  const middle = p + z2 / (2 * total);
  const reach = z95 * Math.sqrt((p * (1 - p)) / total + z2 / (4 * total ** 2));
  const scale = 1 + z2 / total;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}

/** The sum of the values of a table of counts; 0 for none. */
export function sumValues(counts: Readonly<Record<string, number>> | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
}

/** The mean of some numbers; NaN of none. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The sample standard deviation, with n − 1; 0 of fewer than two numbers. */
export function sampleDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
