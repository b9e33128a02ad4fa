/** Which network is explained: a run, a pretrained network or a model file; and what it is made of. */
import { computed, shallowRef, watch } from 'vue';
import type { ErrorData, ExplainModel, ExplainOverview } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useRunsStore } from '../train/index.ts';

/** The choice of a network, and its overview: loaded whenever another one is chosen. */
export function useChosenModel() {
  const runs = useRunsStore();
  const latest = useLatest();

  /** What was chosen; null: the best finished run with a model. */
  const chosen = shallowRef<{ model: ExplainModel; name: string } | null>(null);
  const model = computed<ExplainModel | null>(() => {
    const pick = chosen.value?.model;
    if (pick !== undefined && (pick.kind !== 'run' || runs.usable.some(({ id }) => id === pick.run)))
      return pick;
    const best = runs.usable.at(0);
    return best === undefined ? null : { kind: 'run', run: best.id };
  });
  /** Equal for equal models: what was computed for one is not shown for another. */
  const modelKey = computed(() => JSON.stringify(model.value));

  const overview = shallowRef<ExplainOverview | null>(null);
  const overviewFailure = shallowRef<ErrorData | null>(null);
  async function loadOverview(): Promise<void> {
    const signal = latest.begin();
    overview.value = null;
    overviewFailure.value = null;
    if (model.value === null) return;
    try {
      const found = await api.explain.overview({ model: model.value });
      if (!signal.aborted) overview.value = found;
    } catch (thrown) {
      if (!signal.aborted) overviewFailure.value = failureOf(thrown);
    }
  }
  watch(modelKey, () => void loadOverview(), { immediate: true });

  function chooseRun(run: string, epoch?: number): void {
    chosen.value = { model: { kind: 'run', run, ...(epoch === undefined ? {} : { epoch }) }, name: '' };
  }

  /** Pretrained networks whose weights are on this machine. */
  const backbones = shallowRef<{ reference: string; label: string }[]>([]);
  async function loadBackbones(): Promise<void> {
    const all = await api.backbones.list();
    backbones.value = all
      .filter(({ file }) => file !== null && file.problem === null)
      .map(({ reference, label }) => ({ reference, label }));
  }
  function chooseBackbone(reference: string): void {
    const name = backbones.value.find((item) => item.reference === reference)?.label ?? reference;
    chosen.value = { model: { kind: 'backbone', reference }, name };
  }

  return {
    chosen,
    model,
    modelKey,
    overview,
    overviewFailure,
    chooseRun,
    backbones,
    loadBackbones,
    chooseBackbone,
  };
}
