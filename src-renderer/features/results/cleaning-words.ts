/** Accuracy before and after cleaning, in words. */
import type { Cleaning } from '../../../src-main/contract/app/index.ts';
import { count, plural } from '../../shared/text/format.ts';
import { differenceInterval, listed } from './run-statistics.ts';

/** What was cleaned, e.g. `12 photos were left out and the split was made anew.` */
export function cleaningChanges({ excluded, relabelled, moved, added, after }: Cleaning): string {
  const verb = (value: number): string => (value === 1 ? 'was' : 'were');
  const parts = [
    ...(excluded > 0 ? [`${plural(excluded, 'photo')} ${verb(excluded)} left out`] : []),
    ...(relabelled > 0 ? [`${plural(relabelled, 'label')} ${verb(relabelled)} changed`] : []),
    ...(moved > 0 ? [`${plural(moved, 'photo')} ${verb(moved)} moved to another split`] : []),
    ...(added > 0 ? [`${plural(added, 'photo')} came in`] : []),
  ];
  return `In between ${listed(parts)}. The test is on ${plural(after.images, 'photo')} now.`;
}

/** Photos that gave the answer away, before and now; empty where nothing is known or nothing leaked. */
export function leakWords({ leaks }: Cleaning): string {
  if (leaks === null || (leaks.before === 0 && leaks.after === 0)) return '';
  const before =
    leaks.before === 0
      ? 'Before, no test photo was like one that was taught'
      : `Before, ${plural(leaks.before, 'test photo')} ${leaks.before === 1 ? 'was' : 'were'} like one that was taught`;
  const now =
    leaks.after === 0 ? 'now none is' : `now ${count(leaks.after)} ${leaks.after === 1 ? 'is' : 'are'}`;
  return `${before}; ${now}.`;
}

/** What to make of the difference: honest about leaks, and about chance. */
export function cleaningVerdict(cleaning: Cleaning): string {
  const { before, after, leaks, sameSettings } = cleaning;
  const difference = after.accuracy - before.accuracy;
  const points = `${Math.abs(difference * 100).toFixed(1)} percentage points`;
  const [low, high] = differenceInterval({ name: 'after', ...after }, before);
  const isReal = low > 0 || high < 0;
  const other = sameSettings
    ? ''
    : ' The settings differ as well, so that not all of the difference need come from the data.';
  const fewerLeaks = leaks !== null && leaks.before > leaks.after;
  if (difference < 0 && fewerLeaks) {
    const honest = leaks.after === 0 ? 'the honest figure' : 'closer to the honest figure';
    const sure = isReal ? '' : ' On so few test photos, chance alone may make such a difference.';
    return `${points} less. The test no longer asks what was taught: this is ${honest}, what new photos will see.${sure}${other}`;
  }
  if (difference === 0) return `No difference.${other}`;
  const way = difference > 0 ? 'more' : 'less';
  const chance = isReal ? 'more than chance explains' : 'within chance for so few test photos';
  return `${points} ${way}, ${chance}.${fewerLeaks ? ' And it is an honest figure now.' : ''}${other}`;
}
