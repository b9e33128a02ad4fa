/** How photos look under the augmentation: asked for anew with every move of a slider. */
import { type Ref, ref, shallowRef } from 'vue';
import type {
  AugmentationSettings,
  BatchPreview,
  ErrorData,
  PhotoPreview,
  PreviewedPhoto,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import type { Latest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { loadSheet } from './sheet-tiles.ts';

/** Random results shown of one photo. */
const results = 15;

/**
 * Args:
 *   settings: what is previewed.
 *   loaded: false until there is anything to preview.
 *   loads: stale once another project is opened, or everything is read anew.
 */
export function usePreview(
  settings: Readonly<Ref<AugmentationSettings | null>>,
  loaded: Readonly<Ref<boolean>>,
  loads: Latest,
) {
  const view = ref<'photo' | 'batch'>('photo');
  const photos = shallowRef<PreviewedPhoto[]>([]);
  const photo = ref<number | null>(null);
  const seed = ref(1);
  const recipe = ref<string | null>(null);
  const step = ref(1);
  const photoPreview = shallowRef<PhotoPreview | null>(null);
  const batchPreview = shallowRef<BatchPreview | null>(null);
  /** Milliseconds from the change to the pictures, of the last preview. */
  const took = ref(0);
  const working = ref(false);
  const failure = shallowRef<ErrorData | null>(null);

  let again = false;
  /** Previews anew; at most one request is on its way, and one more follows it when something changed meanwhile. */
  function refresh(): void {
    again = true;
    if (working.value || !loaded.value) return;
    working.value = true;
    void followChanges().finally(() => (working.value = false));
  }
  async function followChanges(): Promise<void> {
    while (again) {
      again = false;
      const begun = performance.now();
      const { signal } = loads;
      try {
        await preview(signal);
        took.value = performance.now() - begun;
        failure.value = null;
      } catch (thrown) {
        if (!signal.aborted) failure.value = failureOf(thrown);
      }
    }
  }
  async function preview(signal: AbortSignal): Promise<void> {
    const wanted = settings.value;
    if (wanted === null) return;
    if (view.value === 'photo') {
      const image = photo.value ?? undefined;
      const found = await api.augmentation.photo({
        settings: wanted,
        image,
        count: results,
        seed: seed.value,
      });
      if (found !== null) await loadSheet(found.sheet);
      if (!signal.aborted) photoPreview.value = found;
    } else {
      const found = await api.augmentation.batch({
        settings: wanted,
        recipe: recipe.value ?? undefined,
        step: step.value,
      });
      await Promise.all([loadSheet(found.before), loadSheet(found.after)]);
      if (!signal.aborted) batchPreview.value = found;
    }
  }
  const rollAgain = (): void => {
    seed.value = Math.floor(Math.random() * 100_000);
    refresh();
  };

  function reset(): void {
    photoPreview.value = null;
    batchPreview.value = null;
    photos.value = [];
    photo.value = null;
    recipe.value = null;
    step.value = 1;
    failure.value = null;
  }
  const state = { view, photos, photo, seed, recipe, step, photoPreview, batchPreview, took, working };
  return { state, failure, refresh, rollAgain, reset };
}
