/** How long each layer of the chosen network takes on this machine, measured on demand. */
import { computed, shallowRef, watch } from 'vue';
import type { LayerTimes } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { deviceName, engineName } from '../../../shared/text/engine-name.ts';
import { useExplainStore } from '../store.ts';
import { milliseconds } from '../text.ts';
import { layerTimesText } from './text.ts';

/** The times, by layer and in words; all empty until they are measured. */
export function useLayerTimes() {
  const explain = useExplainStore();
  const task = useLongTask(failureOf);
  const times = shallowRef<LayerTimes | null>(null);
  watch(
    () => explain.modelKey,
    () => {
      task.cancel();
      times.value = null;
    },
  );
  function measure(): void {
    const { model } = explain;
    if (model === null) return;
    void task.run(
      (signal) => api.explain.measure({ model }, { signal }),
      (event) => {
        if (event.type === 'done') times.value = event;
      },
    );
  }
  const byLayer = computed<Readonly<Record<string, number>>>(() =>
    Object.fromEntries((times.value?.layers ?? []).map((item) => [item.name, item.milliseconds])),
  );
  const sentence = computed(() => {
    if (times.value === null) return '';
    const { engine, device, milliseconds: alone, wholeMilliseconds } = times.value;
    return layerTimesText.onForOneImage(
      engineName(engine),
      deviceName(device),
      milliseconds(alone),
      milliseconds(wholeMilliseconds),
    );
  });
  return { task, times, byLayer, sentence, measure };
}
