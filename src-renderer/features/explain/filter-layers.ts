/** Which of the layers that have filters is shown. */
import { computed, ref } from 'vue';
import { useExplainStore } from './store.ts';

/** The layers with filters of the chosen network; `layer` is the one called `layerName`, else the first. */
export function useFilterLayers() {
  const explain = useExplainStore();
  const layerName = ref('');
  const layers = computed(() => (explain.overview?.layers ?? []).filter(({ filters }) => filters > 0));
  const layer = computed(() => layers.value.find(({ name }) => name === layerName.value) ?? layers.value[0]);
  return { layers, layerName, layer };
}
