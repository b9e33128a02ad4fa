/** The runs being compared. They stand in the address, so that a reload, or a way back, finds them again. */
import { type Ref, computed, watchEffect } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { Run } from '../../../src-main/contract/app/index.ts';
import { useRunsStore } from '../train/index.ts';
import { maxCompared } from './compare-runs.ts';

/**
 * Args:
 *   run: the run that is shown; a comparison begins with it.
 *   attempt: does work and shows its failure on the screen.
 *
 * Returns: the ids being compared (`compared`; null while a single run is shown), their runs, and how to begin, change
 *   and end a comparison. The evaluations of all runs being compared are loaded.
 */
export function useComparedRuns(
  run: Readonly<Ref<Run | null>>,
  attempt: (work: () => Promise<unknown>) => Promise<void>,
) {
  const runs = useRunsStore();
  const route = useRoute();
  const router = useRouter();

  const compared = computed<string[] | null>(() => {
    const { compare: ids } = route.query;
    if (typeof ids !== 'string') return null;
    const known = ids.split(',').filter((id) => runs.runs.has(id));
    return [...new Set(known)].slice(0, maxCompared);
  });
  const comparedRuns = computed(() => (compared.value ?? []).map((id) => runs.runs.get(id)!));

  const compare = (ids: readonly string[]): void =>
    void router.replace({ path: '/results', query: { compare: ids.slice(0, maxCompared).join(',') } });
  function start(): void {
    const own = run.value !== null && run.value.history.length > 0 ? [run.value.id] : [];
    void router.push({ path: '/results', query: { compare: own.join(',') } });
  }
  const end = (): void => void router.push(`/results/${compared.value?.[0] ?? ''}`.replace(/\/$/, ''));

  watchEffect(() => {
    for (const id of compared.value ?? []) {
      if (!runs.evaluations.has(id)) void attempt(() => runs.loadEvaluations(id));
    }
  });
  return { compared, comparedRuns, compare, start, end };
}
