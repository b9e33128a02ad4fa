/** The photos that are chosen in the grid. */
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { packRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import {
  type PickHow,
  type Selection,
  emptySelection,
  keepIn,
  nextAfter,
  pick,
  pickAll,
  pickNone,
} from '../composables/selection.ts';
import { useDatasetStore } from './dataset.ts';

export const useSelectionStore = defineStore('selection', () => {
  const dataset = useDatasetStore();
  const state = shallowRef<Selection>(emptySelection);
  const ids = computed(() => state.value.ids);
  const current = computed(() => state.value.current);
  const size = computed(() => state.value.ids.size);
  /** The chosen ids as edits take them. */
  const ranges = computed(() => packRanges(state.value.ids));

  watch(
    () => dataset.ids,
    (list) => (state.value = keepIn(state.value, list)),
  );

  const set = (next: Selection): void => {
    state.value = next;
  };
  return {
    ids,
    current,
    size,
    ranges,
    pick: (id: number, how: PickHow = 'only') => set(pick(state.value, dataset.ids, id, how)),
    all: () => set(pickAll(state.value, dataset.ids)),
    /** Chooses these photos, as far as the list has them. */
    choose: (chosen: Iterable<number>) => {
      const [first = null, ...others] = chosen;
      if (first === null) return;
      set(keepIn({ ids: new Set([first, ...others]), current: first, anchor: first }, dataset.ids));
    },
    clear: () => set(pickNone(state.value)),
    /** The photo to continue with after the chosen ones. */
    next: () => nextAfter(state.value, dataset.ids),
  };
});
