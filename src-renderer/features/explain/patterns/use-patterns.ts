/** The patterns of a layer: which are wanted, which are there, and one of them computed larger. */
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import type { PatternSettings, Patterns } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { announce } from '../../../shared/composables/announce.ts';
import { useLongTask } from '../../../shared/composables/long-task.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { useFilterLayers } from '../filter-layers.ts';
import { useExplainStore } from '../store.ts';
import { patternsText } from './text.ts';

/** Filters in one grid of patterns. */
export const perGrid = 64;
/** The settings of the lesson. */
export const lesson: PatternSettings = {
  size: 64,
  steps: 40,
  stepSize: 1,
  seed: 0,
  jitter: 0,
  blur: 0,
  octaves: 1,
};
/** Side of an enlarged pattern, in pixels: as large as the lesson's. */
export const largeSize = 150;

/** The grid of patterns of one layer, computed on demand. */
export function usePatterns() {
  const explain = useExplainStore();
  const task = useLongTask(failureOf);
  const settings = reactive({ ...lesson });
  /** Whether the settings beyond the lesson's are shown. */
  const extras = ref(false);
  const page = ref(0);
  const result = shallowRef<Patterns | null>(null);
  /** Its place in the grid; -1: none. */
  const chosen = ref(-1);

  const { layers, layerName, layer } = useFilterLayers();
  watch(layer, () => (page.value = 0));
  watch(
    () => explain.modelKey,
    () => {
      task.cancel();
      result.value = null;
      chosen.value = -1;
    },
  );

  const first = computed(() => page.value * perGrid);
  const count = computed(() => Math.min(perGrid, (layer.value?.filters ?? 0) - first.value));
  /** True where the settings ask for other patterns than those shown. */
  const stale = computed(() => {
    const shown = result.value;
    if (shown === null || layer.value === undefined) return false;
    const same = (Object.keys(lesson) as (keyof PatternSettings)[]).every(
      (key) => shown.settings[key] === settings[key],
    );
    return !same || shown.layer !== layer.value.name || shown.filters[0] !== first.value;
  });

  function compute(): void {
    const { model } = explain;
    if (model === null || layer.value === undefined) return;
    const input = {
      model,
      layer: layer.value.name,
      first: first.value,
      count: count.value,
      settings: { ...settings },
    };
    chosen.value = -1;
    void task.run(
      (signal) => api.explain.patterns(input, { signal }),
      (event) => {
        if (event.type !== 'done') return;
        result.value = event;
        announce(patternsText.ofAreThere(event.filters.length, event.layer));
      },
    );
  }
  return { task, settings, extras, layers, layer, layerName, page, count, result, chosen, stale, compute };
}

/** One pattern, computed larger, as the lesson shows the polka dots. */
export function useLargePattern(shown: () => { patterns: Patterns; place: number } | null) {
  const explain = useExplainStore();
  const task = useLongTask(failureOf);
  const large = shallowRef<Patterns | null>(null);
  watch(shown, () => {
    task.cancel();
    large.value = null;
  });
  function enlarge(): void {
    const { model } = explain;
    const wanted = shown();
    if (model === null || wanted === null) return;
    const { patterns, place } = wanted;
    const input = {
      model,
      layer: patterns.layer,
      first: patterns.filters[place],
      count: 1,
      settings: { ...patterns.settings, size: largeSize },
    };
    void task.run(
      (signal) => api.explain.patterns(input, { signal }),
      (event) => {
        if (event.type === 'done') large.value = event;
      },
    );
  }
  return { task, large, enlarge };
}
