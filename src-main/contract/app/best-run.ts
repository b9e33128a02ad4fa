/** Which run is used where nobody chose one: the same rule on every screen and in the services. */
import type { Run } from './runs.ts';

/** What the rule looks at. */
export type RankedRun = Pick<Run, 'status' | 'createdAt' | 'classes'> & {
  readonly test: { readonly accuracy: number } | null;
  /** Its best validation accuracy; null without validation images. */
  readonly validation: number | null;
};

/** True for a run that ended as it was meant to, also where the user stopped it and kept the best epoch. */
export function isFinished({ status }: Pick<Run, 'status'>): boolean {
  return status === 'done' || status === 'stopped';
}

const classesOf = (run: RankedRun): string => JSON.stringify([...run.classes].sort());

/**
 * Orders runs for use, the best first: finished runs before interrupted and failed ones; of the finished those with the
 * classes of the newest of them, as accuracies for other classes cannot be compared; then tested before untested ones,
 * by accuracy in the test, else in validation; the newer one where they are equal.
 */
export function bestFirst<Item extends RankedRun>(runs: readonly Item[]): Item[] {
  const newestFirst = [...runs].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const newest = newestFirst.find(isFinished);
  const classes = newest === undefined ? '' : classesOf(newest);
  const rank = (run: Item): number[] => [
    isFinished(run) ? 1 : 0,
    classesOf(run) === classes ? 1 : 0,
    run.test === null ? 0 : 1,
    run.test?.accuracy ?? run.validation ?? -1,
  ];
  const ranked = newestFirst.map((run) => ({ run, rank: rank(run) }));
  // Sorting is stable: equal ones stay newest first.
  ranked.sort((a, b) => {
    const differing = a.rank.findIndex((value, place) => value !== b.rank[place]);
    return differing < 0 ? 0 : b.rank[differing] - a.rank[differing];
  });
  return ranked.map(({ run }) => run);
}

/** The best validation accuracy of a run's epochs; null without validation images. */
export function bestValidation(history: Run['history']): number | null {
  return history.reduce<number | null>(
    (best, { valAccuracy }) => (valAccuracy === null ? best : Math.max(best ?? 0, valAccuracy)),
    null,
  );
}
