import type { DatasetClass } from '../../../src-main/contract/app/index.ts';
import type { useLabelsStore } from '../labelling/index.ts';

/** Merges the classes with these names into the first of them, as one edit that can be undone. */
export function mergeByName(
  names: readonly string[],
  classes: readonly DatasetClass[],
  labels: Pick<ReturnType<typeof useLabelsStore>, 'apply'>,
): void {
  const [into, ...from] = names.flatMap((name) => classes.find((one) => one.name === name)?.id ?? []);
  if (into !== undefined && from.length > 0) void labels.apply({ kind: 'class-merge', from, into });
}
