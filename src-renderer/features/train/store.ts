/** Recipes, the plan, runs and their evaluations. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { RecipeInfo, TrainingPlan } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { useKnownRuns } from './known-runs.ts';
import { useRunRequests } from './run-requests.ts';

export const useRunsStore = defineStore('runs', () => {
  const { reset: forgetRuns, ...known } = useKnownRuns();
  const requests = useRunRequests({ ...known, reset: forgetRuns });
  const recipes = shallowRef<RecipeInfo[]>([]);
  const plan = shallowRef<TrainingPlan | null>(null);
  /** The run whose network predicts, where one was chosen. */
  const used = ref<string | null>(null);
  const plans = useLatest();

  async function loadRecipes(): Promise<void> {
    if (recipes.value.length === 0) recipes.value = await api.training.recipes();
  }

  /** What pressing Train would do; without a recipe, the one-click choice. */
  async function makePlan(draft: Parameters<typeof api.training.plan>[0]): Promise<void> {
    const signal = plans.begin();
    const next = await api.training.plan(draft);
    if (!signal.aborted) plan.value = next;
  }

  function reset(): void {
    forgetRuns();
    plans.cancel();
    plan.value = null;
    used.value = null;
  }

  return { ...known, ...requests, recipes, plan, used, loadRecipes, makePlan, reset };
});
