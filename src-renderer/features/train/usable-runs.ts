/** Runs whose network can be used: on the Use screen, and to look inside. */
import type { Run } from '../../../src-main/contract/app/index.ts';
import { percent } from '../../shared/text/format.ts';

/** What a list to choose from says of a run. */
export interface RunItem {
  readonly value: string;
  readonly label: string;
}

/** How a run ended, where that speaks against using it. */
const endWords: Partial<Record<Run['status'], string>> = { interrupted: 'interrupted', failed: 'failed' };

/** Entries of a list to choose a run from: its name, how much it got right in the test, and what speaks against it. */
export function runItems(runs: readonly Run[]): RunItem[] {
  return runs.map(({ id, name, status, test }) => ({
    value: id,
    label: [name, endWords[status] ?? [], test === null ? 'untested' : percent(test.accuracy)]
      .flat()
      .join(' · '),
  }));
}
