/** Accuracy before and after cleaning, in words. */
import type { Cleaning } from '../../../src-main/contract/app/index.ts';
import { differenceInterval, listed } from './run-statistics.ts';
import { cleaningText } from './text.ts';

/** What was cleaned, e.g. `In between 12 photos were left out. The test is on 120 photos now.` */
export function cleaningChanges({ excluded, relabelled, moved, added, after }: Cleaning): string {
  const parts = [
    ...(excluded > 0 ? [cleaningText.leftOut(excluded)] : []),
    ...(relabelled > 0 ? [cleaningText.relabelled(relabelled)] : []),
    ...(moved > 0 ? [cleaningText.moved(moved)] : []),
    ...(added > 0 ? [cleaningText.added(added)] : []),
  ];
  return cleaningText.changes(listed(parts), after.images);
}

/** Photos that gave the answer away, before and now; empty where nothing is known or nothing leaked. */
export function leakWords({ leaks }: Cleaning): string {
  if (leaks === null || (leaks.before === 0 && leaks.after === 0)) return '';
  return `${cleaningText.leaksBefore(leaks.before)}; ${cleaningText.leaksNow(leaks.after)}.`;
}

/** How to read the difference, given leaks and chance. */
export function cleaningVerdict(cleaning: Cleaning): string {
  const { before, after, leaks, sameSettings } = cleaning;
  const difference = after.accuracy - before.accuracy;
  const points = cleaningText.points(Math.abs(difference * 100).toFixed(1));
  const [low, high] = differenceInterval({ name: 'after', ...after }, before);
  const isReal = low > 0 || high < 0;
  const other = sameSettings ? '' : cleaningText.otherSettings;
  const fewerLeaks = leaks !== null && leaks.before > leaks.after;
  if (difference < 0 && fewerLeaks) {
    const honest = leaks.after === 0 ? cleaningText.honest : cleaningText.moreHonest;
    return `${cleaningText.fewerLeaks(points, honest)}${isReal ? '' : cleaningText.unsure}${other}`;
  }
  if (difference === 0) return `${cleaningText.same}${other}`;
  const way = difference > 0 ? cleaningText.more : cleaningText.less;
  const chance = isReal ? cleaningText.real : cleaningText.chance;
  const honestNow = fewerLeaks ? cleaningText.honestNow : '';
  return `${cleaningText.difference(points, way, chance)}${honestNow}${other}`;
}
