/** The embedding map of the project: where the photos are, what is known of them, and how its computation goes. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type {
  AppliedEdit,
  EmbeddingMap,
  ErrorData,
  MapRun,
  MapState,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { coalesce } from '../../shared/composables/coalesce.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { type MapPoints, type PointMarks, marksAfter, toMarks, toPoints } from './points.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Facts about the map besides its points. */
export type MapFacts = Pick<EmbeddingMap, 'features' | 'madeAt' | 'fitted' | 'version'>;

export const useMapStore = defineStore('map', () => {
  const state = shallowRef<MapState | null>(null);
  const run = shallowRef<MapRun | null>(null);
  const facts = shallowRef<MapFacts | null>(null);
  const points = shallowRef<MapPoints | null>(null);
  const marks = shallowRef<PointMarks | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  const loaded = ref(false);
  const running = computed(() => run.value?.status === 'running');

  /** Screens that show the map; while there is none, nothing is asked for. */
  let watchers = 0;
  const readings = useLatest();
  /** Of the dataset, as the marks know it. */
  let revision = -1;

  async function refresh(): Promise<void> {
    const signal = readings.begin();
    const next = await api.map.state();
    if (signal.aborted) return;
    const isOther = next.version !== (facts.value?.version ?? null);
    const [map, known] = await Promise.all([
      isOther ? api.map.get() : null,
      next.version === null ? null : api.map.marks(),
    ]);
    if (signal.aborted) return;
    if (isOther) {
      points.value = map === null ? null : toPoints(map);
      facts.value = map;
    }
    if (known !== null && known.version === points.value?.version) {
      marks.value = toMarks(known);
      revision = known.revision;
    } else {
      // Another map was finished in between: it is asked for by its own event.
      marks.value = null;
    }
    state.value = next;
    run.value = next.run;
    loaded.value = true;
  }
  const changed = coalesce(async () => {
    if (watchers > 0) await refresh();
  });

  /** A screen shows the map from now on. @returns what ends it */
  function watch(): () => void {
    watchers++;
    changed();
    return () => watchers--;
  }

  /** Photos, labels, findings or predictions changed; an edit says what. */
  function datasetChanged(edit?: AppliedEdit): void {
    if (watchers === 0) return;
    const current = edit !== undefined && edit.journal.revision === revision + 1;
    const next =
      current && marks.value !== null && points.value !== null
        ? marksAfter(marks.value, points.value.ids, edit.changes)
        : null;
    if (next === null || edit === undefined) changed();
    else {
      marks.value = next;
      revision = edit.journal.revision;
    }
  }

  /** A computation as the services push it. */
  function take(next: MapRun): void {
    const ended = next.status !== 'running';
    run.value = next;
    if (next.error !== null) failure.value = next.error;
    if (ended) changed();
  }

  async function compute(features: 'best' | 'signals' = 'best'): Promise<void> {
    failure.value = null;
    try {
      run.value = await api.map.compute({ features });
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }
  async function cancel(): Promise<void> {
    try {
      await api.map.cancel();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }

  function reset(): void {
    readings.cancel();
    state.value = null;
    run.value = null;
    facts.value = null;
    points.value = null;
    marks.value = null;
    failure.value = null;
    loaded.value = false;
    revision = -1;
  }

  return {
    state,
    run,
    facts,
    points,
    marks,
    failure,
    loaded,
    running,
    refresh,
    watch,
    datasetChanged,
    take,
    compute,
    cancel,
    reset,
  };
});
