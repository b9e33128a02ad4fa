/** The augmentation of the open project, and how photos look under it. */
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useChosenSettings } from './chosen-settings.ts';
import { usePreview } from './preview.ts';

export const useAugmentationStore = defineStore('augmentation', () => {
  const loads = useLatest();
  const loaded = ref(false);
  const choice = useChosenSettings(() => preview.refresh());
  const preview = usePreview(choice.settings, loaded, loads);
  const failure = computed(() => choice.saving.failure.value ?? preview.failure.value);

  /** Reads all anew; what the user changed meanwhile, and what could not be stored yet, stays. */
  async function load(): Promise<void> {
    const signal = loads.begin();
    await choice.saving.flush();
    if (signal.aborted) return;
    const hasChanged = choice.saving.watchChanges();
    try {
      const [all, stored, photos] = await Promise.all([
        api.augmentation.catalogue(),
        api.augmentation.get(),
        api.augmentation.photos(),
      ]);
      if (signal.aborted) return;
      choice.catalogue.value = all.augmentations;
      choice.presets.value = all.presets;
      preview.state.photos.value = photos;
      if (!hasChanged()) choice.show(stored);
      loaded.value = true;
      preview.failure.value = null;
      preview.refresh();
    } catch (thrown) {
      if (!signal.aborted) preview.failure.value = failureOf(thrown);
    }
  }

  /** Forgets what belongs to the project that was open. */
  function reset(): void {
    loads.cancel();
    loaded.value = false;
    choice.reset();
    preview.reset();
  }

  const { catalogue, presets, preset, settings, chosen } = choice;
  return {
    catalogue,
    presets,
    preset,
    settings,
    chosen,
    ...preview.state,
    ...choice.actions,
    loaded,
    failure,
    load,
    flush: choice.saving.flush,
    rollAgain: preview.rollAgain,
    refresh: preview.refresh,
    reset,
  };
});
