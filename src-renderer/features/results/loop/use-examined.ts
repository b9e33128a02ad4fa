/** The photo that is looked at: what the run said of it, its heatmap, and the training photos it is most like. */
import { useLocalStorage, watchDebounced } from '@vueuse/core';
import { type Ref, computed, ref, shallowRef } from 'vue';
import type { DatasetImage, Heatmap, Run, SimilarPhoto } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { announce } from '../../../shared/composables/announce.ts';
import { useLatest } from '../../../shared/composables/latest.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { examText } from './text.ts';

/** Milliseconds on a photo before anything is computed for it: one walks past many. */
const rest = 200;
/** Neighbours that are shown. */
const maxSimilar = 8;

/**
 * Args:
 *   run: whose network is asked.
 *   image: the photo; null without one.
 *   free: nothing trains now, so that the engine can compute.
 */
export function useExamined(
  run: Readonly<Ref<Run>>,
  image: Readonly<Ref<DatasetImage | null>>,
  free: Readonly<Ref<boolean>>,
) {
  const shows = useLocalStorage('lenslet-loop-heatmap', true);
  const towards = ref<'predicted' | 'label'>('predicted');
  const said = useSaid(run, image);
  const heatmapTask = useLongTask(failureOf);
  const heatmap = shallowRef<(Heatmap & { readonly image: number }) | null>(null);
  const similarTask = useLongTask(failureOf);
  const similar = shallowRef<{ image: number; features: string; photos: readonly SimilarPhoto[] } | null>(
    null,
  );

  /** The output whose evidence is shown; null: the one predicted. */
  const output = computed(() => {
    const { value } = image;
    if (towards.value === 'predicted' || value === null) return null;
    const place = labelName.value === null ? -1 : run.value.classes.indexOf(labelName.value);
    return place < 0 ? null : place;
  });
  const labelName = ref<string | null>(null);

  watchDebounced(
    () => [run.value.id, image.value?.id, shows.value, output.value, free.value] as const,
    async ([id, photo, on, wanted, isFree]) => {
      heatmapTask.cancel();
      if (photo === undefined || !on || !isFree) return;
      const input = { model: { kind: 'run', run: id }, photo: { kind: 'image', image: photo } } as const;
      await heatmapTask.run(
        (signal) => api.explain.heatmap({ ...input, class: wanted }, { signal }),
        (event) => {
          if (event.type !== 'done') return;
          heatmap.value = { ...event, image: photo };
          announce(`${examText.heatmapOf(event.label, event.probability)} ${event.empty?.sentence ?? ''}`);
        },
      );
    },
    { debounce: rest, immediate: true },
  );
  watchDebounced(
    () => [run.value.id, image.value?.id, free.value] as const,
    async ([id, photo, isFree]) => {
      similarTask.cancel();
      if (photo === undefined || !isFree || similar.value?.image === photo) return;
      await similarTask.run(
        (signal) => api.results.similar({ run: id, image: photo, count: maxSimilar }, { signal }),
        (event) => {
          if (event.type === 'done') similar.value = { image: photo, ...event };
        },
      );
    },
    { debounce: rest, immediate: true },
  );
  const ofThis = <T extends { readonly image: number }>(found: T | null): T | null =>
    found !== null && found.image === image.value?.id ? found : null;
  return {
    shows,
    towards,
    labelName,
    said,
    heatmap: computed(() => (shows.value ? ofThis(heatmap.value) : null)),
    heatmapTask,
    similar: computed(() => ofThis(similar.value)),
    similarTask,
  };
}

/** What the run itself said of the photo, which need not be what the best run said. */
function useSaid(run: Readonly<Ref<Run>>, image: Readonly<Ref<DatasetImage | null>>) {
  const found = shallowRef<{ image: number; prediction: DatasetImage['prediction'] } | null>(null);
  const asked = useLatest();
  watchDebounced(
    () => [run.value.id, image.value?.id] as const,
    async ([id, photo]) => {
      const signal = asked.begin();
      if (photo === undefined) return;
      const [answer] = await api.datasets.getImages({ ids: [photo], run: id }).catch(() => []);
      if (!signal.aborted && answer !== undefined)
        found.value = { image: photo, prediction: answer.prediction };
    },
    { debounce: 60, immediate: true },
  );
  return computed(() => (found.value?.image === image.value?.id ? (found.value?.prediction ?? null) : null));
}
