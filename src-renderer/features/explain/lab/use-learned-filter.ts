/** The photo under a filter of a trained network: the services compute the response, with all its input channels. */
import { type Ref, computed, ref, shallowRef, watch } from 'vue';
import { channelPicture, explainPicture } from '../../../../src-main/contract/app/explain.ts';
import type { Activations } from '../../../../src-main/contract/app/explain/activations.ts';
import { api } from '../../../client/index.ts';
import { useLatest } from '../../../shared/composables/latest.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { useFilterLayers } from '../filter-layers.ts';
import { useExplainStore } from '../store.ts';
import type { Grid } from './convolution.ts';

/** Larger filters are not drawn: their numbers could not be read. */
const maxDrawnSide = 7;

/**
 * The response of a filter of the chosen network to the chosen photo, computed while `active` is true.
 *
 * Returns: the layers with filters and the controls (`layerName`, `channel`), the filter's numbers added up over its
 *   input channels (`kernel`; null while unknown or too large to draw), the address of the response map, and the task.
 */
export function useLearnedFilter(active: Readonly<Ref<boolean>>) {
  const explain = useExplainStore();
  const task = useLongTask(failureOf);
  const latest = useLatest();
  const { layers, layerName, layer } = useFilterLayers();
  const channel = ref(0);
  const activations = shallowRef<Activations | null>(null);
  const kernel = shallowRef<Grid | null>(null);
  /** The channel, or the layer's last one where the layer has fewer. */
  const filter = computed(() => Math.min(channel.value, (layer.value?.filters ?? 1) - 1));

  watch(
    [active, () => explain.modelKey, () => explain.photo, layer],
    () => {
      task.cancel();
      activations.value = null;
      const { model, photo } = explain;
      const chosen = layer.value;
      if (!active.value || model === null || !photo?.photo || chosen === undefined) return;
      const input = { model, photo: photo.photo, layers: [chosen.name] };
      void task.run(
        (signal) => api.explain.activations(input, { signal }),
        (event) => {
          if (event.type === 'done') activations.value = event;
        },
      );
    },
    { immediate: true },
  );
  watch([active, () => explain.modelKey, layer, channel], async () => {
    const signal = latest.begin();
    kernel.value = null;
    const { model } = explain;
    const chosen = layer.value;
    if (!active.value || model === null || chosen === undefined) return;
    try {
      const { values } = await api.explain.kernel({ model, layer: chosen.name, filter: filter.value });
      if (signal.aborted || values.length > maxDrawnSide) return;
      kernel.value = values.map((row) => row.map((cell) => cell.reduce((a, b) => a + b, 0)));
    } catch (thrown) {
      if (!signal.aborted) task.failure.value = failureOf(thrown);
    }
  });

  const response = computed(() =>
    activations.value && layer.value
      ? explainPicture(channelPicture(activations.value.id, layer.value.name, filter.value), {
          colours: 'viridis',
          of: 'map',
          side: 600,
        })
      : '',
  );
  /** True where the response is the same everywhere. */
  const blank = computed(() => activations.value?.layers[0]?.blank.includes(filter.value) ?? false);

  return { task, layers, layer, layerName, channel, filter, activations, kernel, response, blank };
}
