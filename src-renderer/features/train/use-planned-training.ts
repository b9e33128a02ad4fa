/** Keeps the plan of the next training up to date, so that what is shown is what is trained. */
import { type Ref, watch } from 'vue';
import type { TrainingPlan } from '../../../src-main/contract/app/index.ts';
import { useAppStore } from '../../shared/project/app.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { useBackbonesStore } from './backbones.ts';
import { useTrainingDraftStore } from './draft.ts';
import { useRunsStore } from './store.ts';

/** Milliseconds of rest after which a change is planned. */
const planAfter = 120;

/**
 * Plans anew whenever the draft, the dataset or the pretrained networks change while `planning` is true.
 *
 * Returns: the plan of what is set now, down to a setting typed just before the click; null where it cannot be made.
 */
export function usePlannedTraining(planning: Readonly<Ref<boolean>>): {
  settledPlan: () => Promise<TrainingPlan | null>;
} {
  const app = useAppStore();
  const runs = useRunsStore();
  const draft = useTrainingDraftStore();
  const backbones = useBackbonesStore();
  const dataset = useDatasetStore();
  const plans = useLatest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Something was changed that the plan does not show yet. */
  let stale = false;

  async function plan(): Promise<void> {
    clearTimeout(timer);
    const signal = plans.begin();
    await draft.refresh();
    if (!signal.aborted && draft.failure === null) stale = false;
  }
  watch(
    [
      () => draft.recipe,
      () => draft.mode,
      () => draft.settings,
      () => dataset.summary,
      planning,
      // Lenslet's choice depends on which pretrained networks are here.
      () => backbones.list.map(({ reference, file }) => (file === null ? '' : reference)).join(),
      // A network that could not be built without an engine can be built once there is one.
      () => app.engine?.state === 'failed',
    ],
    () => {
      clearTimeout(timer);
      // A plan under way is of the settings before.
      plans.cancel();
      stale = true;
      if (planning.value) timer = setTimeout(() => void plan(), planAfter);
      else runs.loadRecipes().catch(() => undefined);
    },
    { immediate: true },
  );
  void draft.loadAugmentation();
  void draft.loadBackbones();

  async function settledPlan(): Promise<TrainingPlan | null> {
    if (stale) await plan();
    return draft.failure === null ? runs.plan : null;
  }
  return { settledPlan };
}
