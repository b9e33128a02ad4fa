/** Recipes, the plan, runs and their evaluations. */
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import type {
  Cleaning,
  DamagedRun,
  Evaluation,
  LearningRateEvent,
  RecipeInfo,
  Run,
  RunStatus,
  Split,
  TrainingPlan,
  TrainingSettings,
} from '../../../src-main/contract/app/index.ts';
import { bestFirst, bestValidation } from '../../../src-main/contract/app/best-run.ts';
import { api } from '../../client/index.ts';

const active: readonly RunStatus[] = ['preparing', 'training', 'paused', 'evaluating'];

/** True while a run holds the engine. */
export function isLiving(run: Run): boolean {
  return active.includes(run.status);
}

export const useRunsStore = defineStore('runs', () => {
  const runs = shallowReactive(new Map<string, Run>());
  /** Runs whose record cannot be read. */
  const damaged = shallowRef<DamagedRun[]>([]);
  const loaded = ref(false);
  const recipes = shallowRef<RecipeInfo[]>([]);
  const plan = shallowRef<TrainingPlan | null>(null);
  const evaluations = shallowReactive(new Map<string, Evaluation[]>());
  /** The run that the Train screen follows, also after its end; null: the plan of the next one. */
  const watched = ref<string | null>(null);
  /** The run whose network predicts, where one was chosen. */
  const used = ref<string | null>(null);
  let planGeneration = 0;
  /** Grows when another project is opened: late answers about the one before are dropped. */
  let opened = 0;

  /** Newest first. */
  const list = computed(() => [...runs.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)));
  /** Those with a model, best first: at least one epoch was finished, and nothing trains it now. */
  const usable = computed(() =>
    bestFirst(
      list.value
        .filter((run) => run.history.length > 0 && !isLiving(run))
        .map((run) => ({ ...run, validation: bestValidation(run.history) })),
    ),
  );
  const live = computed(() => list.value.find(isLiving) ?? null);

  function take(run: Run): void {
    runs.set(run.id, run);
    if (isLiving(run) && (watched.value === null || followsWatched(run))) watched.value = run.id;
  }
  /** The next run of the series that is being watched. */
  function followsWatched(run: Run): boolean {
    const before = watched.value === null ? undefined : runs.get(watched.value);
    return before !== undefined && !isLiving(before) && run.series !== null && run.series === before.series;
  }

  function drop(id: string): void {
    runs.delete(id);
    damaged.value = damaged.value.filter((run) => run.id !== id);
    evaluations.delete(id);
    if (watched.value === id) watched.value = null;
  }

  async function refresh(): Promise<void> {
    const mine = opened;
    const [all, illegible] = await Promise.all([api.training.runs(), api.training.damagedRuns()]);
    if (mine !== opened) return;
    damaged.value = illegible;
    const present = new Set(all.map((run) => run.id));
    for (const id of [...runs.keys()]) if (!present.has(id)) drop(id);
    for (const run of all) take(run);
    loaded.value = true;
  }

  async function loadRecipes(): Promise<void> {
    if (recipes.value.length === 0) recipes.value = await api.training.recipes();
  }

  /** What pressing Train would do; without a recipe, the one-click choice. */
  async function makePlan(recipe: string | undefined, settings: TrainingSettings): Promise<void> {
    const mine = ++planGeneration;
    const next = await api.training.plan({ recipe, settings });
    if (mine === planGeneration) plan.value = next;
  }

  async function start(recipe: string, settings: TrainingSettings): Promise<Run> {
    const run = await api.training.start({ recipe, settings });
    take(run);
    watched.value = run.id;
    return run;
  }

  /** Trains the same with each of the seeds, one run after another. */
  async function repeat(recipe: string, settings: TrainingSettings, seeds: number[]): Promise<Run> {
    const run = await api.training.repeat({ recipe, settings, seeds });
    take(run);
    watched.value = run.id;
    return run;
  }

  /** Goes on with a finished run. */
  async function extend(id: string, epochs: number): Promise<Run> {
    const run = await api.training.extend({ run: id, epochs });
    take(run);
    watched.value = run.id;
    return run;
  }

  /** Tries learning rates; aborting the signal cancels. */
  function findLearningRate(
    recipe: string,
    settings: TrainingSettings,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LearningRateEvent>> {
    return api.training.findLearningRate({ recipe, settings }, { signal });
  }

  const pause = async (run: string): Promise<void> => take(await api.training.pause({ run }));
  const resume = async (run: string): Promise<void> => take(await api.training.resume({ run }));
  const stop = async (run: string): Promise<void> => take(await api.training.stop({ run }));
  const rename = async (run: string, name: string): Promise<void> =>
    take(await api.training.renameRun({ run, name }));
  const note = async (run: string, notes: string): Promise<void> =>
    take(await api.training.noteRun({ run, notes }));

  async function remove(run: string): Promise<void> {
    await api.training.removeRun({ run });
    drop(run);
  }

  async function loadEvaluations(run: string): Promise<void> {
    evaluations.set(run, await api.training.evaluations({ run }));
  }

  /** What cleaning the data did to a run's accuracy. */
  const cleaning = (run: string): Promise<Cleaning | null> => api.training.cleaning({ run });

  async function evaluate(run: string, split: Split): Promise<void> {
    await api.training.evaluate({ run, split });
    await loadEvaluations(run);
    take(await api.training.run({ run }));
  }

  function reset(): void {
    runs.clear();
    damaged.value = [];
    evaluations.clear();
    plan.value = null;
    watched.value = null;
    used.value = null;
    planGeneration++;
    opened++;
    loaded.value = false;
  }

  return {
    runs,
    damaged,
    loaded,
    recipes,
    plan,
    evaluations,
    watched,
    used,
    list,
    usable,
    live,
    take,
    drop,
    refresh,
    loadRecipes,
    makePlan,
    start,
    repeat,
    extend,
    findLearningRate,
    pause,
    resume,
    stop,
    rename,
    note,
    remove,
    loadEvaluations,
    cleaning,
    evaluate,
    reset,
  };
});
