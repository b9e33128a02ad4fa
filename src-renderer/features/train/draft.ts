/** The training that is being prepared: what the user chose, what Lenslet would do, and what it would train. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type {
  AugmentationInfo,
  AugmentationSettings,
  ErrorData,
  TrainingSettings,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { type AugmentationSource, useAugmentationStore } from '../augment/index.ts';
import { useBackbonesStore } from './backbones.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { useRunsStore } from './store.ts';

/** What the Augment screen begins with while nobody has changed anything. */
const initialPreset = 'lesson';

export const useTrainingDraftStore = defineStore('training-draft', () => {
  const runs = useRunsStore();
  const project = useProjectStore();
  const augmentation = useAugmentationStore();

  /** The recipe the user chose; null: Lenslet's choice. */
  const recipe = ref<string | null>(null);
  /** Only what the user changed, the augmentation left out. */
  const overrides = shallowRef<TrainingSettings>({});
  const augmentationFrom = ref<AugmentationSource>('recipe');
  /** What the Augment screen shows. */
  const projectAugmentation = shallowRef<AugmentationSettings | null>(null);
  const augmentations = shallowRef<readonly AugmentationInfo[]>([]);

  const networks = useBackbonesStore();
  const backbones = computed(() => networks.list);

  const settings = computed<TrainingSettings>(() => {
    if (augmentationFrom.value === 'recipe') return overrides.value;
    const augmentation = augmentationFrom.value === 'none' ? null : projectAugmentation.value;
    return { ...overrides.value, augmentation };
  });
  const changed = computed(
    () =>
      recipe.value !== null ||
      augmentationFrom.value !== 'recipe' ||
      Object.values(overrides.value).some((value) => value !== undefined),
  );

  /** The settings as recommended, for the same pretrained network. */
  const baseline = computed(() => runs.plan?.baseline ?? null);
  /** The layers of what would be trained. */
  const layers = computed(() => runs.plan?.summary ?? null);
  const failure = shallowRef<ErrorData | null>(null);
  const latest = useLatest();
  /** Stale once another project is opened. */
  const opened = useLatest();

  /** Plans anew. */
  async function refresh(): Promise<void> {
    const signal = latest.begin();
    try {
      await runs.loadRecipes();
      await runs.makePlan(recipe.value ?? undefined, settings.value);
      if (!signal.aborted) failure.value = null;
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    }
  }

  /** Reads what the Augment screen keeps, with what was changed there just now. */
  async function loadAugmentation(): Promise<void> {
    const { signal } = opened;
    await augmentation.flush();
    try {
      const [known, stored] = await Promise.all([api.augmentation.catalogue(), api.augmentation.get()]);
      if (signal.aborted) return;
      augmentations.value = known.augmentations;
      const initial = known.presets.find(({ id }) => id === initialPreset)?.settings ?? null;
      projectAugmentation.value = stored ?? initial;
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    }
  }

  /** Reads which pretrained networks there are. */
  async function loadBackbones(): Promise<void> {
    await networks.load();
  }

  /** A setting as the user wants it; undefined gives it back to the recipe. */
  function change(next: TrainingSettings): void {
    const merged = { ...overrides.value, ...next };
    // Layers have other names in another network.
    if ('backbone' in next) delete merged.unfreezeFrom;
    overrides.value = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
  }
  /** Another recipe: what was set by hand for the old one goes. */
  function chooseRecipe(id: string | null): void {
    recipe.value = id;
    clear();
  }
  function clear(): void {
    overrides.value = {};
    augmentationFrom.value = 'recipe';
  }
  /** All as recommended. */
  function reset(): void {
    recipe.value = null;
    clear();
  }

  watch(
    () => project.current?.key,
    () => {
      latest.cancel();
      opened.cancel();
      reset();
      failure.value = null;
      projectAugmentation.value = null;
    },
  );

  return {
    recipe,
    overrides,
    augmentationFrom,
    projectAugmentation,
    augmentations,
    backbones,
    settings,
    changed,
    baseline,
    layers,
    failure,
    refresh,
    loadAugmentation,
    loadBackbones,
    change,
    chooseRecipe,
    reset,
  };
});
