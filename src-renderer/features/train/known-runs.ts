/** The runs of the open project, as the event stream and the services report them. */
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import type { DamagedRun, Evaluation, Run, RunStatus } from '../../../src-main/contract/app/index.ts';
import { bestFirst, bestValidation } from '../../../src-main/contract/app/best-run.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { runPhase } from '../../shared/text/activity.ts';

const active: readonly RunStatus[] = ['preparing', 'training', 'paused', 'evaluating'];

/** True while a run holds the engine. */
export function isActive(run: Run): boolean {
  return active.includes(run.status);
}

/** True while an active run has no step behind it: ended now, there is nothing to keep. */
export function hasLearntNothing(run: Run): boolean {
  const { progress, history, resumable } = run;
  if (history.length > 0 || resumable || run.status === 'evaluating') return false;
  if (progress === null || progress.phase === 'solving the head') return true;
  return runPhase(run)?.photos != null || progress.step === 0;
}

/** Runs by id with their evaluations, and the one that is watched. */
export function useKnownRuns() {
  const runs = shallowReactive(new Map<string, Run>());
  /** Runs whose record cannot be read. */
  const damaged = shallowRef<DamagedRun[]>([]);
  const loaded = ref(false);
  const evaluations = shallowReactive(new Map<string, Evaluation[]>());
  /** The run that the Train screen follows, also after its end; null: the plan of the next one. */
  const watched = ref<string | null>(null);
  /** Late answers about the project before are dropped. */
  const opened = useLatest();

  /** Newest first. */
  const list = computed(() => [...runs.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)));
  /** Runs with a model, best first: at least one epoch was finished, and they are not active. */
  const usable = computed(() =>
    bestFirst(
      list.value
        .filter((run) => run.history.length > 0 && !isActive(run))
        .map((run) => ({ ...run, validation: bestValidation(run.history) })),
    ),
  );
  const live = computed(() => list.value.find(isActive) ?? null);

  function take(run: Run): void {
    runs.set(run.id, run);
    if (isActive(run) && (watched.value === null || followsWatched(run))) watched.value = run.id;
  }
  /** The next run of the series that is being watched. */
  function followsWatched(run: Run): boolean {
    const before = watched.value === null ? undefined : runs.get(watched.value);
    return before !== undefined && !isActive(before) && run.series !== null && run.series === before.series;
  }

  function drop(id: string): void {
    runs.delete(id);
    damaged.value = damaged.value.filter((run) => run.id !== id);
    evaluations.delete(id);
    if (watched.value === id) watched.value = null;
  }

  async function refresh(): Promise<void> {
    const { signal } = opened;
    const [all, illegible] = await Promise.all([api.training.runs(), api.training.damagedRuns()]);
    if (signal.aborted) return;
    damaged.value = illegible;
    const present = new Set(all.map((run) => run.id));
    for (const id of [...runs.keys()]) if (!present.has(id)) drop(id);
    for (const run of all) take(run);
    loaded.value = true;
  }

  function reset(): void {
    opened.cancel();
    runs.clear();
    damaged.value = [];
    evaluations.clear();
    watched.value = null;
    loaded.value = false;
  }

  return { runs, damaged, loaded, evaluations, watched, list, usable, live, take, drop, refresh, reset };
}
