import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { splitNames } from '../../contract/shared/vocabulary.ts';
import { count, table } from './text.ts';

/** The sanity-check table: images per class and split, with sums. */
export function countsTable(classes: readonly string[], splits: SplitCounts): string {
  const cell = (name: string, split: (typeof splitNames)[number]): number => splits[split]?.[name] ?? 0;
  const row = (label: string, of: (split: (typeof splitNames)[number]) => number): string[] => {
    const numbers = splitNames.map(of);
    return [label, ...numbers.map(count), count(numbers.reduce((sum, number) => sum + number, 0))];
  };
  const rows = classes.map((name) => row(name, (split) => cell(name, split)));
  const totals = row('all', (split) => classes.reduce((sum, name) => sum + cell(name, split), 0));
  return table([['class', ...splitNames, 'all'], ...rows, totals]);
}
