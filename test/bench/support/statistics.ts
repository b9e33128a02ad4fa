/** The few statistics that a benchmark needs. */

/** The value below which this share of the values lies, between two of them if need be. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** Half of the values lie above, half below. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median with the middle half of the values. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Median and quartiles. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    count: values.length,
  };
}

/** What Lenslet and a peer needed for the same work, round by round. */
export interface Rounds {
  readonly ours: readonly (readonly number[])[];
  readonly theirs: readonly (readonly number[])[];
}

/** How many times as fast we are: ratio of the medians, and the quartiles of the rounds' own ratios. */
export function ratioOf({ ours, theirs }: Rounds): Spread {
  const each = ours.map((values, round) => median(theirs[round]) / median(values));
  return { ...spreadOf(each), median: median(theirs.flat()) / median(ours.flat()) };
}
