/** From edits to the next run: what was edited since a run, the same training again, and how that comes along. */
import { watchDebounced } from '@vueuse/core';
import { type Ref, computed, ref, shallowRef } from 'vue';
import type { DataChanges, ErrorData, Run } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { useLatest } from '../../../shared/composables/latest.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { useLabelsStore } from '../../labelling/index.ts';
import { isActive, useRunsStore } from '../../train/index.ts';

/** The run that was begun here from each run, as long as the page is open. */
const begun = ref(new Map<string, string>());

/** @param run whose training is repeated */
export function useRetraining(run: Readonly<Ref<Run>>) {
  const runs = useRunsStore();
  const labels = useLabelsStore();
  const changes = shallowRef<DataChanges | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  const asked = useLatest();

  watchDebounced(
    () => [run.value.id, labels.journal?.revision] as const,
    async ([id]) => {
      const signal = asked.begin();
      const found = await api.results.changes({ run: id }).catch(() => null);
      if (!signal.aborted) changes.value = found;
    },
    { debounce: 150, immediate: true },
  );

  const next = computed(() => {
    const id = begun.value.get(run.value.id);
    return id === undefined ? null : (runs.runs.get(id) ?? null);
  });
  /** Trains the same on the photos as they are now. */
  async function retrain(): Promise<void> {
    if (runs.live !== null) return;
    failure.value = null;
    const { recipe, settings, id } = run.value;
    // How many steps an epoch has follows from the number of photos.
    const same = { ...settings, stepsPerEpoch: undefined };
    try {
      const started = await runs.start(recipe, same);
      begun.value.set(id, started.id);
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }
  return {
    changes,
    failure,
    next,
    training: computed(() => next.value !== null && isActive(next.value)),
    /** Something else trains. */
    busy: computed(() => runs.live !== null),
    retrain,
  };
}
