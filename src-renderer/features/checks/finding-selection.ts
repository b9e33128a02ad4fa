/** Several findings chosen at once, by their keys: these stay the same when a check runs again. */
import { computed, shallowRef } from 'vue';

interface Keyed {
  readonly key: string;
}

/** What is chosen, and how to choose. `rows` may have gaps where nothing was read yet. */
export function useFindingSelection<Row extends Keyed>(rows: () => readonly (Row | undefined)[]) {
  const keys = shallowRef<ReadonlySet<string>>(new Set());
  let anchor: number | null = null;

  /** Those of the list; what is gone from it is chosen no more. */
  const chosen = computed(() =>
    rows().flatMap((row) => (row !== undefined && keys.value.has(row.key) ? [row] : [])),
  );

  /** Chooses one or lets go of it; with `range` all from the one chosen before to this. */
  function toggle(place: number, range = false): void {
    const row = rows()[place];
    if (row === undefined) return;
    const next = new Set(keys.value);
    if (range && anchor !== null) {
      const [first, last] = [Math.min(anchor, place), Math.max(anchor, place)];
      for (const other of rows().slice(first, last + 1)) if (other !== undefined) next.add(other.key);
    } else if (!next.delete(row.key)) next.add(row.key);
    anchor = place;
    keys.value = next;
  }
  function chooseAll(): void {
    keys.value = new Set(rows().flatMap((row) => row?.key ?? []));
  }
  function clear(): void {
    keys.value = new Set();
    anchor = null;
  }
  return { keys, chosen, toggle, chooseAll, clear };
}
