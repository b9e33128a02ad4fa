/** The user's choices for the next training: the recipe, the settings that differ from it, the augmentation. */
import { type Ref, computed, ref, shallowRef } from 'vue';
import type {
  AugmentationSettings,
  TrainingMode,
  TrainingSettings,
} from '../../../src-main/contract/app/index.ts';
import type { AugmentationSource } from '../augment/index.ts';

/** @param projectAugmentation the settings of the Augment screen */
export function useDraftChoices(projectAugmentation: Readonly<Ref<AugmentationSettings | null>>) {
  /** The recipe the user chose; null: Lenslet's choice. */
  const recipe = ref<string | null>(null);
  /** How much Lenslet's choice trains. */
  const mode = ref<TrainingMode>('fast');
  /** Only what the user changed, the augmentation left out. */
  const overrides = shallowRef<TrainingSettings>({});
  const augmentationFrom = ref<AugmentationSource>('recipe');

  const settings = computed<TrainingSettings>(() => {
    if (augmentationFrom.value === 'recipe') return overrides.value;
    const augmentation = augmentationFrom.value === 'none' ? null : projectAugmentation.value;
    return { ...overrides.value, augmentation };
  });
  const changed = computed(
    () =>
      recipe.value !== null ||
      mode.value !== 'fast' ||
      augmentationFrom.value !== 'recipe' ||
      Object.values(overrides.value).some((value) => value !== undefined),
  );

  /** A setting as the user wants it; undefined gives it back to the recipe. */
  function change(next: TrainingSettings): void {
    const merged = { ...overrides.value, ...next };
    // Layers have other names in another network.
    if ('backbone' in next) delete merged.unfreezeFrom;
    overrides.value = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
  }
  function clear(): void {
    overrides.value = {};
    augmentationFrom.value = 'recipe';
  }
  /** Another recipe: the changes to the old one go. */
  function chooseRecipe(id: string | null): void {
    recipe.value = id;
    clear();
  }
  /** Lenslet's choice, with more or less time; what the user set stays. */
  function chooseMode(next: TrainingMode): void {
    recipe.value = null;
    mode.value = next;
  }
  /** All as recommended. */
  function reset(): void {
    recipe.value = null;
    mode.value = 'fast';
    clear();
  }
  return {
    recipe,
    mode,
    overrides,
    augmentationFrom,
    settings,
    changed,
    change,
    chooseRecipe,
    chooseMode,
    reset,
  };
}
