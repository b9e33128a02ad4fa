/** Which network is mapped: the chosen one, or what a recipe would train. */
import { computed, ref, shallowRef, watch } from 'vue';
import type { ErrorData, ModelSummary } from '../../../../src-main/contract/app/index.ts';
import { api } from '../../../client/index.ts';
import { useLatest } from '../../../shared/composables/latest.ts';
import { failureOf } from '../../../shared/project/failures.ts';
import { useProjectStore } from '../../../shared/project/project.ts';
import { count } from '../../../shared/text/format.ts';
import { useRunsStore } from '../../train/index.ts';
import { useExplainStore } from '../store.ts';
import type { DrawnLayer } from './network-map.ts';
import { networkMapText } from './text.ts';

/** Classes of a recipe's network while no project says how many there are. */
const usualClasses = 10;
const usualSide = 150;
const usualChannels = 3;

/** The layer table of what is mapped, its input, its name and its totals. */
export function useNetworkMap() {
  const explain = useExplainStore();
  const project = useProjectStore();
  const runs = useRunsStore();
  const latest = useLatest();

  const source = ref<'network' | 'recipe'>('network');
  const recipeId = ref('');
  const summary = shallowRef<ModelSummary | null>(null);
  const failure = shallowRef<ErrorData | null>(null);

  runs.loadRecipes().catch((thrown: unknown) => (failure.value = failureOf(thrown)));
  const recipe = computed(
    () =>
      runs.recipes.find(({ id }) => id === recipeId.value) ??
      runs.recipes.find(({ id }) => id === 'scratch') ??
      runs.recipes[0],
  );
  const fromRecipe = computed(() => source.value === 'recipe' || explain.model === null);
  watch(
    [fromRecipe, recipe, () => project.current?.key],
    async ([wanted, info]) => {
      const signal = latest.begin();
      if (!wanted || info === undefined) return;
      failure.value = null;
      const classes = project.current === null ? { classes: usualClasses } : {};
      const settings = { imageSize: info.defaults.imageSize };
      try {
        const made = await api.training.summary({ recipe: info.id, settings, ...classes });
        if (!signal.aborted) summary.value = made;
      } catch (thrown) {
        if (!signal.aborted) failure.value = failureOf(thrown);
      }
    },
    { immediate: true },
  );

  const mapped = computed(() => (fromRecipe.value ? summary.value : explain.overview));
  const layers = computed<readonly DrawnLayer[]>(() => mapped.value?.layers ?? []);
  const input = computed(() => (fromRecipe.value ? recipe.value?.defaults : explain.overview));
  const side = computed(() => input.value?.imageSize ?? usualSide);
  const channels = computed(() => input.value?.channels ?? usualChannels);
  const name = computed(() => {
    if (fromRecipe.value) return recipe.value?.label ?? '';
    return explain.model?.kind === 'run' ? (explain.overview?.name ?? '') : (explain.chosen?.name ?? '');
  });
  const totals = computed(() => (mapped.value === null ? '' : totalsText(mapped.value)));

  return { source, recipeId, recipe, fromRecipe, layers, side, channels, name, totals, failure };
}

type Totals = Pick<
  ModelSummary,
  'layers' | 'params' | 'trainableParams' | 'trainableWeights' | 'unfrozenWeights'
>;
function totalsText(made: Totals): string {
  return networkMapText.parametersOfThemTrainable(
    made.layers.length,
    count(made.params),
    count(made.trainableParams),
    made.trainableWeights === made.unfrozenWeights
      ? ''
      : networkMapText.trainableOf(count(made.trainableWeights)),
    made.unfrozenWeights,
  );
}
