/** Runs whose network can be used: on the Use screen, and to look inside. */
import type { Run } from '../../src-main/contract/index.ts';
import { percent } from './format.ts';

/** What a list to choose from says of a run. */
export interface RunItem {
  readonly value: string;
  readonly label: string;
}

/** Entries of a list to choose a run from: its name, with how much it got right in the test where it was tested. */
export function runItems(runs: readonly Run[]): RunItem[] {
  return runs.map(({ id, name, test }) => ({
    value: id,
    label: test ? `${name} · ${percent(test.accuracy)}` : name,
  }));
}
