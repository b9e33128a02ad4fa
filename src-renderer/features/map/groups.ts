/** What the map's colours mean at the moment, and which groups are shown. */
import { useLocalStorage } from '@vueuse/core';
import { computed, shallowRef, watch } from 'vue';
import { type Colouring, groupPoints, notDrawn, usefulColourings } from './colouring.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { useMapStore } from './store.ts';

const noGroups = new Uint16Array();

/** Follows the map and the classes. */
export function useMapGroups() {
  const map = useMapStore();
  const dataset = useDatasetStore();
  const wanted = useLocalStorage<Colouring>('lenslet-map-colouring', 'class');

  const useful = computed(() => map.marks && usefulColourings(map.marks));
  /** The wanted one, as long as it shows anything. */
  const colouring = computed<Colouring>({
    get: () => (useful.value?.[wanted.value] ? wanted.value : 'class'),
    set: (next) => (wanted.value = next),
  });
  const grouping = computed(
    () => map.marks && groupPoints(colouring.value, map.marks, dataset.summary?.classes ?? []),
  );

  /** Keys of the groups that are not shown. */
  const hidden = shallowRef<ReadonlySet<string>>(new Set());
  const showAll = (): void => void (hidden.value = new Set());
  watch(colouring, showAll);
  function toggle(key: string): void {
    const next = new Set(hidden.value);
    if (!next.delete(key)) next.add(key);
    hidden.value = next;
  }

  /** Group of each point; `notDrawn` for the hidden ones. */
  const drawn = computed(() => {
    if (grouping.value === null) return noGroups;
    const { groups, of } = grouping.value;
    if (hidden.value.size === 0) return of;
    const off = groups.map(({ key }) => hidden.value.has(key));
    return of.map((group) => (off[group] === true ? notDrawn : group));
  });

  /** Points of a group that are shown. */
  function placesOf(key: string): number[] {
    const wantedGroup = grouping.value?.groups.findIndex((group) => group.key === key) ?? -1;
    const places: number[] = [];
    drawn.value.forEach((group, at) => {
      if (group === wantedGroup) places.push(at);
    });
    return places;
  }

  /** How many of some points are in which group: `cats 20, dogs 4`. */
  function countsOf(places: readonly number[], count: (value: number) => string): string {
    const { groups = [], of = noGroups } = grouping.value ?? {};
    const counts = new Map<number, number>();
    for (const at of places) counts.set(of[at], (counts.get(of[at]) ?? 0) + 1);
    return groups
      .flatMap(({ label }, place) => (counts.has(place) ? `${label} ${count(counts.get(place)!)}` : []))
      .join(', ');
  }

  return { useful, colouring, grouping, hidden, showAll, toggle, drawn, placesOf, countsOf };
}
