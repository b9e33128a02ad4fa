/** Checks that run once more after a fix or an undo, so that the result is visible. */
import type { CheckInfo } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';

/** Makes the list of checks that are to run again. */
export function useExpectedRuns() {
  const expected = new Set<string>();
  return {
    add: (check: string) => void expected.add(check),
    any: () => expected.size > 0,
    /** Runs those that are out of date. The rest need no run, and are no longer expected. */
    run(list: readonly CheckInfo[]): void {
      const asked = list.filter(({ id }) => expected.has(id));
      for (const { id } of asked) expected.delete(id);
      const stale = asked.filter(({ status }) => status === 'stale').map(({ id }) => id);
      if (stale.length > 0) api.checks.run({ checks: stale }).catch(() => undefined);
    },
    reset: () => expected.clear(),
  };
}
