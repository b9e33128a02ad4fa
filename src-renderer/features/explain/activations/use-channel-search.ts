/** The channel that was clicked, and the search for the photos of the dataset that activate it most. */
import { ref, shallowRef, watch } from 'vue';
import type { Strongest } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { useExplainStore } from '../store.ts';

/** Choosing another network cancels the search and clears the channel. */
export function useChannelSearch() {
  const explain = useExplainStore();
  const search = useLongTask(failureOf);
  const chosen = ref<{ layer: string; channel: number } | null>(null);
  const strongest = shallowRef<Strongest | null>(null);
  watch([chosen, () => explain.modelKey], () => {
    search.cancel();
    strongest.value = null;
  });
  watch(
    () => explain.modelKey,
    () => (chosen.value = null),
  );
  function find(): void {
    const { model } = explain;
    const at = chosen.value;
    if (model === null || at === null) return;
    void search.run(
      (signal) => api.explain.strongest({ model, layer: at.layer, channel: at.channel }, { signal }),
      (event) => {
        if (event.type === 'done') strongest.value = event;
      },
    );
  }
  return { search, chosen, strongest, find };
}
