/** Which backups are kept. */

/** What rotation has to know of a backup. */
interface Dated {
  readonly madeAt: Date;
  readonly version: number;
}

/** The newest of all, and the newest of each of the last days and weeks that have one. */
const keptNewest = 5;
const keptDays = 7;
const keptWeeks = 4;

const dayMilliseconds = 24 * 60 * 60 * 1000;

/**
 * The backups that may go: all but the newest 5, the newest of each of the last 7 days and of each of the last 4 weeks,
 * and the newest of each older format. Days and weeks without a backup do not count: time alone removes nothing.
 * @param backups newest first
 */
export function backupsToRemove<T extends Dated>(backups: readonly T[]): T[] {
  const kept = new Set<T>(backups.slice(0, keptNewest));
  const keep = (groupOf: (backup: T) => number, groups: number): void => {
    const newest = new Map<number, T>();
    for (const backup of backups) if (!newest.has(groupOf(backup))) newest.set(groupOf(backup), backup);
    for (const backup of [...newest.values()].slice(0, groups)) kept.add(backup);
  };
  keep(({ madeAt }) => Math.floor(madeAt.getTime() / dayMilliseconds), keptDays);
  // 1 January 1970 was a Thursday: weeks begin on Monday.
  keep(({ madeAt }) => Math.floor((madeAt.getTime() / dayMilliseconds + 3) / 7), keptWeeks);
  keep(({ version }) => version, Infinity);
  return backups.filter((backup) => !kept.has(backup));
}
