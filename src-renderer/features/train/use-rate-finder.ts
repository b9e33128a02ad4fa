/** The search for a learning rate: its curve as it grows, and the rate it suggests. */
import { type Ref, ref, shallowRef, watch } from 'vue';
import { useLongTask } from '../../shared/composables/long-task.ts';
import { failureOf } from '../../shared/project/failures.ts';
import type { RatePoint } from './rate-series.ts';
import { useRunsStore } from './store.ts';

/** @param planning true while the next training is being planned */
export function useRateFinder(planning: Readonly<Ref<boolean>>) {
  const runs = useRunsStore();
  const task = useLongTask(failureOf);
  const open = ref(false);
  const points = shallowRef<RatePoint[]>([]);
  /** Null: the curve suggests none; undefined: not known yet. */
  const suggestion = ref<number | null>();

  function find(): void {
    const { plan } = runs;
    if (plan === null) return;
    open.value = true;
    points.value = [];
    suggestion.value = undefined;
    void task.run(
      (signal) => runs.findLearningRate(plan.recipe, plan.settings, signal),
      (event) => {
        if (event.type === 'point') points.value = [...points.value, event];
        else if (event.type === 'done') suggestion.value = event.suggestion;
      },
    );
  }
  function close(): void {
    task.cancel();
    open.value = false;
  }
  // A curve of another network, or of another run's beginning, would mislead.
  watch([() => runs.plan?.recipe, () => runs.plan?.settings.backbone, planning], close);

  return { task, open, points, suggestion, find, close };
}
