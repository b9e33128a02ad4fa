/** Whether differences between runs mean anything: spread over seeds, and intervals of differences. */
import type { Run } from '../../../src-main/contract/app/index.ts';
import { count, percent } from '../../shared/text/format.ts';
import { runStatisticsText } from './text.ts';

/** Several values in short. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); null for a single value. */
  readonly deviation: number | null;
  readonly least: number;
  readonly greatest: number;
}

/** Mean and spread; null of nothing. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length === 1 ? null : Math.sqrt(squares / (values.length - 1));
  return {
    count: values.length,
    mean,
    deviation,
    least: Math.min(...values),
    greatest: Math.max(...values),
  };
}

/** `97.8% ± 0.4`: a mean of accuracies with its deviation in percentage points. */
export function spreadText({ mean, deviation }: Spread): string {
  return deviation === null ? percent(mean) : `${percent(mean)} ± ${(deviation * 100).toFixed(1)}`;
}

/** Runs shown as one: those of a series, or a single one. Newest first. */
export interface RunGroup {
  readonly id: string;
  /** Null for a single run. */
  readonly series: string | null;
  /** In the order they were trained. */
  readonly runs: readonly Run[];
  /** Of the test accuracies there are. */
  readonly spread: Spread | null;
}

/** Groups the runs of a series. @param runs newest first */
export function groupRuns(runs: readonly Run[]): RunGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const id = run.series ?? run.id;
    groups.set(id, [run, ...(groups.get(id) ?? [])]);
  }
  return [...groups.values()].map((members) => {
    const series = members.length > 1 ? members[0].series : null;
    const tested = members.flatMap((run) => (run.test === null ? [] : [run.test.accuracy]));
    return { id: series ?? members[0].id, series, runs: members, spread: spreadOf(tested) };
  });
}

/** A test result as counts. */
export interface Tested {
  /** A short name, such as a letter. */
  readonly name: string;
  readonly accuracy: number;
  readonly images: number;
}

/** Normal quantiles for 95% over one to five comparisons at once (Bonferroni). */
const quantiles = [1.96, 2.241, 2.394, 2.498, 2.576];

function wilson({ accuracy: p, images: n }: Tested, z: number): [number, number] {
  const middle = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2));
  return [middle - half, middle + half];
}

/**
 * Where the true difference of two accuracies lies: Newcombe's hybrid score interval.
 * @param comparisons made at once: the interval grows, so that all of them together keep 95%
 * @see Newcombe, Interval estimation for the difference between independent proportions (1998), method 10
 */
export function differenceInterval(a: Tested, b: Tested, comparisons = 1): [number, number] {
  const z = quantiles[Math.min(comparisons, quantiles.length) - 1];
  const [lowA, highA] = wilson(a, z);
  const [lowB, highB] = wilson(b, z);
  const difference = a.accuracy - b.accuracy;
  return [
    difference - Math.hypot(a.accuracy - lowA, highB - b.accuracy),
    difference + Math.hypot(highA - a.accuracy, b.accuracy - lowB),
  ];
}

const points = (fraction: number): string => (fraction * 100).toFixed(1).replace('-', '−');
/** `A, B and C` */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : runStatisticsText.and(words.slice(0, -1).join(', '), words[words.length - 1]);
}
const names = (tested: readonly Tested[]): string => listed(tested.map(({ name }) => name));

/** How sure a comparison is, for the mark beside its sentence. */
export interface Verdict {
  /** `real`: some difference is larger than chance; `chance`: none is; `none`: nothing to compare. */
  readonly kind: 'real' | 'chance' | 'none';
  readonly sentence: string;
}

/** Says whether the best of several tested runs is better than the others by more than chance. */
export function compareTested(tested: readonly Tested[]): Verdict {
  if (tested.length < 2) {
    return {
      kind: 'none',
      sentence: runStatisticsText.onlyRunsThatHave,
    };
  }
  const [best, ...others] = [...tested].sort((a, b) => b.accuracy - a.accuracy);
  return others.length === 1 ? compareTwo(best, others[0]) : compareMany(best, others);
}

function compareTwo(best: Tested, other: Tested): Verdict {
  const [low, high] = differenceInterval(best, other);
  const difference = best.accuracy - other.accuracy;
  const photos = runStatisticsText.testPhotos(count(Math.min(best.images, other.images)));
  if (low > 0) {
    return {
      kind: 'real',
      sentence: runStatisticsText.isPercentagePointsBetter(
        best.name,
        points(difference),
        other.name,
        photos,
        points(low),
        points(high),
      ),
    };
  }
  const chance = runStatisticsText.onChanceAloneMakes(photos, points(difference - low));
  const sentence =
    difference === 0
      ? runStatisticsText.andNameTheSame(best.name, other.name, chance)
      : runStatisticsText.isPercentagePointsAhead(best.name, points(difference), other.name, chance);
  return { kind: 'chance', sentence };
}

function compareMany(best: Tested, others: readonly Tested[]): Verdict {
  const beaten = others.filter((other) => differenceInterval(best, other, others.length)[0] > 0);
  const level = others.filter((other) => !beaten.includes(other));
  const photos = runStatisticsText.testPhotos(
    count(Math.min(best.images, ...others.map(({ images }) => images))),
  );
  if (beaten.length === 0) {
    const first = [best, ...others.filter(({ accuracy }) => accuracy === best.accuracy)];
    return {
      kind: 'chance',
      sentence: runStatisticsText.theBestFigureBut(names(first), first.length, photos),
    };
  }
  const rest = level.length === 0 ? '' : runStatisticsText.againstTheDifferenceIs(names(level));
  return {
    kind: 'real',
    sentence: runStatisticsText.isBetterThanBy(best.name, names(beaten), photos, rest),
  };
}
