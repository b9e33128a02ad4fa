/** The augmentation of the open project, and how photos look under it: asked for anew with every move of a slider. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type {
  AugmentationInfo,
  AugmentationPreset,
  AugmentationSettings,
  AugmentationValue,
  BatchPreview,
  ErrorData,
  FillMode,
  PhotoPreview,
  PreviewedPhoto,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { loadSheet } from './sheet-tiles.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Random results shown of one photo. */
export const results = 15;
/** Milliseconds of rest after which the settings are kept. */
const keepAfter = 400;
/** What recipes that augment use while nobody has chosen. */
const initialPreset = 'lesson';

export const useAugmentationStore = defineStore('augmentation', () => {
  const catalogue = shallowRef<AugmentationInfo[]>([]);
  const presets = shallowRef<AugmentationPreset[]>([]);
  const photos = shallowRef<PreviewedPhoto[]>([]);
  const settings = shallowRef<AugmentationSettings | null>(null);
  /** False while the recipes' own are used. */
  const chosen = ref(false);
  const loaded = ref(false);
  const lookFailure = shallowRef<ErrorData | null>(null);
  /** Why the settings could not be kept: it stays until they are. */
  const keepFailure = shallowRef<ErrorData | null>(null);
  const failure = computed(() => keepFailure.value ?? lookFailure.value);

  const view = ref<'photo' | 'batch'>('photo');
  const photo = ref<number | null>(null);
  const seed = ref(1);
  const recipe = ref<string | null>(null);
  const step = ref(1);
  const photoPreview = shallowRef<PhotoPreview | null>(null);
  const batchPreview = shallowRef<BatchPreview | null>(null);
  /** Milliseconds from the change to the pictures, of the last preview. */
  const took = ref(0);
  const working = ref(false);

  /** What a switched-off augmentation was set to, for when it is switched on again. */
  const remembered = new Map<string, Record<string, AugmentationValue>>();
  /** Grows when another project is opened, and when all is read anew. */
  let generation = 0;
  /** Grows when another project is opened. */
  let opened = 0;

  /** Reads all anew; what the user changed meanwhile, and what could not be kept yet, stays. */
  async function load(): Promise<void> {
    const mine = ++generation;
    await flush();
    if (mine !== generation) return;
    const known = changes;
    try {
      const [all, stored, offered] = await Promise.all([
        api.augmentation.catalogue(),
        api.augmentation.get(),
        api.augmentation.photos(),
      ]);
      if (mine !== generation) return;
      catalogue.value = all.augmentations;
      presets.value = all.presets;
      photos.value = offered;
      const initial = all.presets.find(({ id }) => id === initialPreset)?.settings ?? null;
      if (pending === null && known === changes) {
        chosen.value = stored !== null;
        settings.value = stored ?? initial;
      }
      loaded.value = true;
      lookFailure.value = null;
      refresh();
    } catch (thrown) {
      if (mine === generation) lookFailure.value = failureOf(thrown);
    }
  }

  const preset = computed(() => {
    const now = JSON.stringify(settings.value);
    return presets.value.find((item) => JSON.stringify(item.settings) === now) ?? null;
  });

  let saving: ReturnType<typeof setTimeout> | undefined;
  /** What is not kept yet. */
  let pending: { readonly settings: AugmentationSettings | null } | null = null;
  let saves: Promise<void> = Promise.resolve();
  let changes = 0;
  function change(next: AugmentationSettings | null): void {
    chosen.value = next !== null;
    settings.value = next ?? presets.value.find(({ id }) => id === initialPreset)?.settings ?? null;
    changes++;
    pending = { settings: next };
    clearTimeout(saving);
    saving = setTimeout(() => void flush(), keepAfter);
    refresh();
  }
  /** Keeps what was changed last now. @returns when that, and what was kept before it, is done */
  function flush(): Promise<void> {
    clearTimeout(saving);
    const mine = opened;
    saves = saves.then(() => (mine === opened ? save() : undefined));
    return saves;
  }
  async function save(): Promise<void> {
    const wanted = pending;
    if (wanted === null) return;
    const mine = opened;
    try {
      await api.augmentation.set({ settings: wanted.settings });
      if (mine !== opened) return;
      keepFailure.value = null;
      // A change that came meanwhile has a timer of its own.
      if (pending === wanted) pending = null;
    } catch (thrown) {
      if (mine === opened) keepFailure.value = failureOf(thrown);
    }
  }

  function usePreset(id: string): void {
    const found = presets.value.find((item) => item.id === id);
    if (found) change(found.settings);
  }
  /** Gives the choice back to the recipes. */
  const useRecipesOwn = (): void => change(null);

  function switchOn(id: string, on: boolean): void {
    if (settings.value === null) return;
    const { [id]: before, ...others } = settings.value.transforms;
    if (before) remembered.set(id, before);
    const params = remembered.get(id) ?? defaultsOf(id);
    // In the order of the catalogue, so that equal settings are equal text.
    const transforms = on ? ordered({ ...others, [id]: params }) : others;
    change({ ...settings.value, transforms });
  }
  function defaultsOf(id: string): Record<string, AugmentationValue> {
    const info = catalogue.value.find((item) => item.id === id);
    return Object.fromEntries((info?.params ?? []).map((param) => [param.name, param.default]));
  }
  function ordered(transforms: AugmentationSettings['transforms']): AugmentationSettings['transforms'] {
    const places = catalogue.value.map(({ id }) => id);
    const entries = Object.entries(transforms);
    return Object.fromEntries(entries.sort(([a], [b]) => places.indexOf(a) - places.indexOf(b)));
  }
  function setParam(id: string, name: string, value: AugmentationValue): void {
    const now = settings.value;
    if (now === null) return;
    const transforms = { ...now.transforms, [id]: { ...now.transforms[id], [name]: value } };
    change({ ...now, transforms });
  }
  function setFill(fillMode: FillMode, fillValue: number): void {
    if (settings.value !== null) change({ ...settings.value, fillMode, fillValue });
  }

  const rollAgain = (): void => {
    seed.value = Math.floor(Math.random() * 100_000);
    refresh();
  };

  let again = false;
  /** Looks anew; at most one request is on its way, and after it one more when something changed meanwhile. */
  function refresh(): void {
    again = true;
    if (working.value || !loaded.value) return;
    working.value = true;
    void keepLooking().finally(() => (working.value = false));
  }
  async function keepLooking(): Promise<void> {
    while (again) {
      again = false;
      const begun = performance.now();
      const mine = generation;
      try {
        await look(() => mine === generation);
        took.value = performance.now() - begun;
        lookFailure.value = null;
      } catch (thrown) {
        if (mine === generation) lookFailure.value = failureOf(thrown);
      }
    }
  }
  async function look(isWanted: () => boolean): Promise<void> {
    if (settings.value === null) return;
    if (view.value === 'photo') {
      const image = photo.value ?? undefined;
      const found = await api.augmentation.photo({
        settings: settings.value,
        image,
        count: results,
        seed: seed.value,
      });
      if (found !== null) await loadSheet(found.sheet);
      if (isWanted()) photoPreview.value = found;
    } else {
      const wanted = recipe.value ?? undefined;
      const found = await api.augmentation.batch({
        settings: settings.value,
        recipe: wanted,
        step: step.value,
      });
      await Promise.all([loadSheet(found.before), loadSheet(found.after)]);
      if (isWanted()) batchPreview.value = found;
    }
  }

  function reset(): void {
    generation++;
    opened++;
    clearTimeout(saving);
    pending = null;
    saves = Promise.resolve();
    loaded.value = false;
    settings.value = null;
    photoPreview.value = null;
    batchPreview.value = null;
    photos.value = [];
    photo.value = null;
    recipe.value = null;
    step.value = 1;
    lookFailure.value = null;
    keepFailure.value = null;
    remembered.clear();
  }

  return {
    catalogue,
    presets,
    preset,
    photos,
    settings,
    chosen,
    loaded,
    failure,
    view,
    photo,
    seed,
    recipe,
    step,
    photoPreview,
    batchPreview,
    took,
    working,
    load,
    flush,
    usePreset,
    useRecipesOwn,
    switchOn,
    setParam,
    setFill,
    rollAgain,
    refresh,
    reset,
  };
});
