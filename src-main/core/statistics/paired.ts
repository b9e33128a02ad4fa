/** Statistics of two classifiers that named the same photos: whether one is better, and by how much. */
import { wilsonInterval } from './statistics.ts';

/** How often each of two classifiers was right, photo by photo. */
export interface PairedCounts {
  /** Both right. */
  readonly both: number;
  /** Only the first right: changed for worse. */
  readonly onlyFirst: number;
  /** Only the second right: changed for better. */
  readonly onlySecond: number;
  /** Both wrong. */
  readonly neither: number;
}

/**
 * McNemar's exact test on the photos that only one of two classifiers named correctly: how likely a difference as large
 * as this is where both are equally good. Two-sided, from the binomial distribution with p = ½.
 * @returns the p-value, 0 to 1; 1 where no photo tells them apart
 * @see McNemar, Note on the sampling error of the difference between correlated proportions (1947)
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  if (trials === 0 || 2 * fewer === trials) return 1;
  // From the largest term down, in proportion to it: no term overflows, and the logarithm is taken of one of them only.
  let [term, sum] = [1, 1];
  for (let k = fewer; k > 0 && term > 1e-18; k--) {
    term *= k / (trials - k + 1);
    sum += term;
  }
  let logarithm = -trials * Math.LN2;
  for (let k = 1; k <= fewer; k++) logarithm += Math.log((trials - k + 1) / k);
  return Math.min(1, 2 * sum * Math.exp(logarithm));
}

/**
 * Where the true difference of two shares measured on the same photos lies with 95% confidence (second minus first):
 * Newcombe's hybrid score interval for paired data, from the Wilson intervals of both and their correlation φ.
 * @returns lower and upper end, −1 to 1; null without any photo
 * @see Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired data
 *   (1998), method 10
 */
export function pairedDifference(counts: PairedCounts): [number, number] | null {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const total = both + onlyFirst + onlySecond + neither;
  const first = wilsonInterval(both + onlyFirst, total);
  const second = wilsonInterval(both + onlySecond, total);
  if (first === null || second === null) return null;
  const [p, q] = [(both + onlyFirst) / total, (both + onlySecond) / total];
  const phi = correlation(counts, total);
  const reach = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one ** 2 - 2 * phi * one * other + other ** 2));
  return [q - p - reach(q - second[0], first[1] - p), q - p + reach(second[1] - q, p - first[0])];
}

/** φ of the two-by-two table, its numerator brought half the photos nearer to 0 where it is positive. */
function correlation({ both, onlyFirst, onlySecond, neither }: PairedCounts, total: number): number {
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  if (margins === 0) return 0;
  const product = both * neither - onlyFirst * onlySecond;
  const corrected = product > 0 ? Math.max(0, product - total / 2) : product;
  return corrected / Math.sqrt(margins);
}
