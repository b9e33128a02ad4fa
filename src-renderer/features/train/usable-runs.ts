/** Runs whose network can be used: on the Use screen and in Explain. */
import type { Run } from '../../../src-main/contract/app/index.ts';
import { percent } from '../../shared/text/format.ts';

/** The entry of a run in a list to choose from. */
export interface RunItem {
  readonly value: string;
  readonly label: string;
}

/** How a run ended, where that is a reason not to use it. */
const endWords: Partial<Record<Run['status'], string>> = { interrupted: 'interrupted', failed: 'failed' };

/** Entries of a list to choose a run from: its name, its test accuracy, and why not to use it. */
export function runItems(runs: readonly Run[]): RunItem[] {
  return runs.map(({ id, name, status, test }) => ({
    value: id,
    label: [name, endWords[status] ?? [], test === null ? 'untested' : percent(test.accuracy)]
      .flat()
      .join(' · '),
  }));
}
