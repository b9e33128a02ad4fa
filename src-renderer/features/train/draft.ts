/** The training that is being prepared: what the user chose, what Lenslet would do, and what it would train. */
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type {
  AugmentationInfo,
  AugmentationSettings,
  ErrorData,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useAugmentationStore } from '../augment/index.ts';
import { useBackbonesStore } from './backbones.ts';
import { useDraftChoices } from './draft-choices.ts';
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

  /** What the Augment screen shows. */
  const projectAugmentation = shallowRef<AugmentationSettings | null>(null);
  const augmentations = shallowRef<readonly AugmentationInfo[]>([]);

  const networks = useBackbonesStore();
  const backbones = computed(() => networks.list);

  const choices = useDraftChoices(projectAugmentation);
  const { recipe, mode, settings } = choices;

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
      await runs.makePlan({
        recipe: recipe.value ?? undefined,
        mode: mode.value,
        settings: settings.value,
      });
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

  watch(
    () => project.current?.key,
    () => {
      latest.cancel();
      opened.cancel();
      choices.reset();
      failure.value = null;
      projectAugmentation.value = null;
    },
  );

  return {
    ...choices,
    projectAugmentation,
    augmentations,
    backbones,
    baseline,
    layers,
    failure,
    refresh,
    loadAugmentation,
    loadBackbones,
  };
});
