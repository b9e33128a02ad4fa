/** Suggested labels: the switch, how the work goes, and the suggestions of the photos in view. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ErrorData, Suggestion, SuggestionsState } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { coalesce } from '../../shared/composables/coalesce.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useSelectionStore } from '../../shared/project/selection.ts';

/** Photos that one request may ask about. */
const maxImages = 5000;

export const useSuggestionsStore = defineStore('suggestions', () => {
  const dataset = useDatasetStore();
  const selection = useSelectionStore();
  const state = shallowRef<SuggestionsState | null>(null);
  /** Of the photos that are, or were lately, in view; by photo. */
  const known = shallowRef<ReadonlyMap<number, Suggestion>>(new Map());
  const failure = shallowRef<ErrorData | null>(null);
  const switching = ref(false);
  const on = computed(() => state.value?.on ?? false);

  /** The photos in view; after new labels they are asked about again. */
  let wanted: readonly number[] = [];
  const answers = useLatest();

  async function ask(ids: readonly number[]): Promise<ReadonlyMap<number, Suggestion>> {
    const found = new Map<number, Suggestion>();
    for (let at = 0; at < ids.length; at += maxImages) {
      const { suggestions } = await api.suggestions.of({ ids: ids.slice(at, at + maxImages) });
      for (const suggestion of suggestions) found.set(suggestion.id, suggestion);
    }
    return found;
  }

  /** Brings the suggestions of the photos in view. Ones that were shown stay until others come. */
  const renew = coalesce(async () => {
    const { signal } = answers;
    const ids = wanted;
    const found = await ask(ids);
    if (signal.aborted || !on.value) return;
    known.value = ids === wanted ? found : new Map([...known.value, ...found]);
    if (ids !== wanted) renew();
  });

  /** Shows suggestions of these photos from now on. */
  function want(ids: readonly number[]): void {
    const same = ids.length === wanted.length && ids.every((id, at) => wanted[at] === id);
    wanted = ids;
    if (!same && state.value?.version != null) renew();
  }

  const isBySuggestions = (): boolean => dataset.sort.by === 'uncertainty' || dataset.sort.by === 'next';

  /** The state as the services push it. */
  function take(next: SuggestionsState): void {
    const before = state.value;
    state.value = next;
    if (next.version === null) forget();
    else if (next.version !== before?.version) {
      renew();
    }
    if (next.order !== before?.order && isBySuggestions()) {
      dataset.reorder(() => selection.current).catch(() => undefined);
    }
    // An order that means nothing any more.
    if (before?.on === true && !next.on && isBySuggestions()) {
      dataset.setFilter(dataset.filter, { by: 'added', descending: false }).catch(() => undefined);
    }
  }

  function forget(): void {
    answers.cancel();
    if (known.value.size > 0) known.value = new Map();
  }

  async function refresh(): Promise<void> {
    take(await api.suggestions.state());
  }

  /** Turns suggestions on or off. */
  async function turn(isOn: boolean): Promise<void> {
    failure.value = null;
    switching.value = true;
    try {
      take(await api.suggestions.switch({ on: isOn }));
    } catch (thrown) {
      failure.value = failureOf(thrown);
    } finally {
      switching.value = false;
    }
  }

  /** Suggestions of photos, also of ones that are not in view. */
  async function suggestionsOf(ids: readonly number[]): Promise<ReadonlyMap<number, Suggestion>> {
    if (!on.value) return new Map();
    const missing = ids.filter((id) => !known.value.has(id));
    return missing.length === 0 ? known.value : new Map([...known.value, ...(await ask(missing))]);
  }

  /** Photos without a label, those that are best labelled next first. */
  const queue = (): Promise<void> =>
    dataset.setFilter({ unlabelled: true }, { by: 'next', descending: false });
  const queued = computed(() => dataset.sort.by === 'next' && dataset.filter.unlabelled === true);

  function reset(): void {
    state.value = null;
    failure.value = null;
    wanted = [];
    forget();
  }

  return {
    state,
    known,
    failure,
    switching,
    on,
    queued,
    refresh,
    take,
    want,
    turn,
    suggestionsOf,
    queue,
    reset,
  };
});
