/** Checks grouped by what is to be done about them, and when they last ran. */
import type { CheckInfo, Severity } from '../../../src-main/contract/app/index.ts';

/** Checks as the overview groups them. */
export interface CheckGroups {
  /** With findings. */
  readonly found: readonly CheckInfo[];
  /** Run, and nothing found. */
  readonly clean: readonly CheckInfo[];
  /** Not run yet, or not able to. */
  readonly waiting: readonly CheckInfo[];
}

/** Groups checks; each group keeps the order of the registry. */
export function groupChecks(checks: readonly CheckInfo[]): CheckGroups {
  const hasRun = ({ status }: CheckInfo): boolean => status === 'fresh' || status === 'stale';
  const grave: readonly Severity[] = ['error', 'warning', 'note'];
  return {
    found: checks
      .filter((check) => hasRun(check) && check.findings > 0)
      .sort((a, b) => grave.indexOf(a.severity) - grave.indexOf(b.severity)),
    clean: checks.filter((check) => hasRun(check) && check.findings === 0),
    waiting: checks.filter((check) => !hasRun(check)),
  };
}

/** When the last of the checks ran. */
export function lastRun(checks: readonly CheckInfo[]): string | null {
  const times = checks.flatMap(({ ranAt }) => ranAt ?? []);
  return times.length === 0 ? null : times.reduce((last, time) => (time > last ? time : last));
}
