/** The heatmap of the chosen photo: computed anew whenever what is wanted changes. */
import { type Ref, computed, ref, shallowRef, watch } from 'vue';
import type { Heatmap } from '../../../../src-main/contract/app/index.ts';
import type { HeatmapMethod } from '../../../../src-main/contract/app/explain/heatmaps.ts';
import { api } from '../../../client/index.ts';
import { announce } from '../../../shared/composables/announce.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { percent } from '../../../shared/text/format.ts';
import { useExplainStore } from '../store.ts';
import { screenText } from './text.ts';

/**
 * Args:
 *   shown: true while the heatmap of a single photo is shown; it is computed only then.
 *
 * Returns: the choices (`method`; `layer` and `classId`, null: chosen automatically), the task and its result, the class
 *   that is explained, and what is asked for (`wanted`; null without a network or a photo).
 */
export function useHeatmap(shown: Readonly<Ref<boolean>>) {
  const explain = useExplainStore();
  const method = ref<HeatmapMethod>('grad-cam');
  const layer = ref<string | null>(null);
  const classId = ref<number | null>(null);
  watch(
    () => explain.modelKey,
    () => {
      layer.value = null;
      classId.value = null;
    },
  );

  const task = useLongTask(failureOf);
  const result = shallowRef<Heatmap | null>(null);
  const wanted = computed(() =>
    explain.model === null || !explain.photo?.photo
      ? null
      : {
          model: explain.model,
          photo: explain.photo.photo,
          method: method.value,
          layer: method.value === 'occlusion' ? null : layer.value,
          class: classId.value,
        },
  );
  // For another photo the predicted class is explained, not the class chosen for the previous one. Watched before what is
  // wanted, so that no heatmap of the old class is computed first.
  watch(
    () => explain.photo,
    () => (classId.value = null),
  );
  async function compute(input: NonNullable<typeof wanted.value>): Promise<void> {
    await task.run(
      (signal) => api.explain.heatmap(input, { signal }),
      (event) => {
        if (event.type !== 'done') return;
        result.value = event;
        announce(
          screenText.heatmapForOfLabel(event.label, percent(event.probability), event.empty?.sentence ?? ''),
        );
      },
    );
    // The previous heatmap would look like the answer.
    if (task.failure.value !== null) result.value = null;
  }
  watch(
    [() => JSON.stringify(wanted.value), shown],
    ([now], before) => {
      const input = wanted.value;
      if (!shown.value || input === null) return;
      if (before?.[0] === now && result.value !== null) return;
      void compute(input);
    },
    { immediate: true },
  );
  const shownClass = computed(() => classId.value ?? result.value?.class ?? null);
  return { method, layer, classId, shownClass, task, result, wanted };
}
