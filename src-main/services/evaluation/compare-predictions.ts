/** What two runs said of the same photos, counted: which changed, by class, and whether that is more than chance. */
import type { ClassChange, Flip, RunChange, ShareChange } from '../../contract/app/results/results.ts';
import { type PairedCounts, mcnemarTest, pairedDifference } from '../../core/statistics/paired.ts';

/** A photo that both runs were measured on, with its present class. */
export interface PairedPrediction {
  readonly classId: number;
  /** The class that each of the two said. */
  readonly before: number;
  readonly after: number;
}

type Change = Flip['change'] | 'same';

/** How a photo changed. */
export function changeOf({ classId, before, after }: PairedPrediction): Change {
  if (before === after) return 'same';
  if (after === classId) return 'better';
  return before === classId ? 'worse' : 'other';
}

/** How often each of the two was right. */
function countPairs(photos: readonly PairedPrediction[]): PairedCounts {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const { classId, before, after } of photos) {
    if (before === classId) counts[after === classId ? 'both' : 'onlyFirst']++;
    else counts[after === classId ? 'onlySecond' : 'neither']++;
  }
  return counts;
}

/** Null without photos. */
function sharesOf(counts: PairedCounts): ShareChange | null {
  const interval = pairedDifference(counts);
  if (interval === null) return null;
  const { both, onlyFirst, onlySecond, neither } = counts;
  const total = both + onlyFirst + onlySecond + neither;
  const [before, after] = [(both + onlyFirst) / total, (both + onlySecond) / total];
  return { before, after, difference: after - before, interval };
}

/**
 * Compares what two runs said.
 * @param photos those that both were measured on
 * @param classes the order of the answer's classes
 * @returns null without a photo
 */
export function comparePredictions(
  photos: readonly PairedPrediction[],
  classes: readonly { readonly id: number; readonly name: string }[],
): Pick<RunChange, 'images' | 'accuracy' | 'classes' | 'better' | 'worse' | 'other' | 'pValue'> | null {
  const counts = countPairs(photos);
  const accuracy = sharesOf(counts);
  if (accuracy === null) return null;
  const byClass = Map.groupBy(photos, ({ classId }) => classId);
  const changes = classes.map(({ id, name }): ClassChange => {
    const own = countPairs(byClass.get(id) ?? []);
    return {
      name,
      classId: id,
      images: own.both + own.onlyFirst + own.onlySecond + own.neither,
      recall: sharesOf(own),
      better: own.onlySecond,
      worse: own.onlyFirst,
    };
  });
  return {
    images: photos.length,
    accuracy,
    classes: changes,
    better: counts.onlySecond,
    worse: counts.onlyFirst,
    other: photos.filter((photo) => changeOf(photo) === 'other').length,
    pValue: mcnemarTest(counts.onlyFirst, counts.onlySecond),
  };
}
