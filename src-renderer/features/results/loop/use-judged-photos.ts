/** Shows the photos of a result in the place of its figures, and what was shown on Images again afterwards. */
import { type Ref, onBeforeUnmount, ref, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { ErrorData, Run } from '../../../../src-main/contract/app/index.ts';
import { useLatest } from '../../../shared/composables/latest.ts';
import { useDatasetStore } from '../../../shared/project/dataset.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { useSelectionStore } from '../../../shared/project/selection.ts';
import { type JudgedView, filterOf } from './judged-view.ts';

/**
 * Args:
 *   run: whose result it is.
 *   view: which of its photos.
 *   failure: is given what went wrong.
 *
 * Returns: whether the list is that of the view (`ready`), and the way to the same photos on Images.
 */
export function useJudgedPhotos(
  run: Readonly<Ref<Run>>,
  view: Readonly<Ref<JudgedView>>,
  failure: Ref<ErrorData | null>,
) {
  const dataset = useDatasetStore();
  const selection = useSelectionStore();
  const router = useRouter();
  const before = { filter: dataset.filter, sort: dataset.sort };
  const ready = ref(false);
  const asked = useLatest();
  let keeps = false;

  watch(
    () => [run.value.id, JSON.stringify(view.value), dataset.listed] as const,
    async () => {
      if (!dataset.listed) return;
      const signal = asked.begin();
      ready.value = false;
      failure.value = null;
      try {
        await dataset.setFilter(filterOf(view.value, run.value.id), { by: 'confidence', descending: true });
      } catch (thrown) {
        if (!signal.aborted) failure.value = failureOf(thrown);
      }
      if (signal.aborted) return;
      ready.value = true;
      const first = 'first' in view.value ? view.value.first : null;
      selection.clear();
      const begin = first !== null && dataset.ids.includes(first) ? first : dataset.ids.at(0);
      if (begin !== undefined) selection.pick(begin);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    if (keeps) return;
    selection.clear();
    dataset.setFilter(before.filter, before.sort).catch(() => undefined);
  });

  async function openInImages(): Promise<void> {
    keeps = true;
    await router.push('/images');
  }
  return { ready, openInImages };
}
