/** The augmentation settings of the open project: changed on the screen, stored after a short rest. */
import { computed, ref, shallowRef } from 'vue';
import type {
  AugmentationInfo,
  AugmentationPreset,
  AugmentationSettings,
  AugmentationValue,
  ErrorData,
  FillMode,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Milliseconds of rest after which the settings are stored. */
const saveAfter = 400;
/** The preset of recipes that augment, until the user chooses one. */
const initialPreset = 'lesson';

/** @param changed called after each change on the screen */
export function useChosenSettings(changed: () => void) {
  const catalogue = shallowRef<AugmentationInfo[]>([]);
  const presets = shallowRef<AugmentationPreset[]>([]);
  const settings = shallowRef<AugmentationSettings | null>(null);
  /** False while the recipes' own are used. */
  const chosen = ref(false);
  const saving = useSaving();

  const initial = (): AugmentationSettings | null =>
    presets.value.find(({ id }) => id === initialPreset)?.settings ?? null;
  const preset = computed(() => {
    const now = JSON.stringify(settings.value);
    return presets.value.find((item) => JSON.stringify(item.settings) === now) ?? null;
  });
  /** Shows settings, or the initial ones for null. */
  function show(next: AugmentationSettings | null): void {
    chosen.value = next !== null;
    settings.value = next ?? initial();
  }
  function change(next: AugmentationSettings | null): void {
    show(next);
    saving.later(next);
    changed();
  }

  function usePreset(id: string): void {
    const found = presets.value.find((item) => item.id === id);
    if (found) change(found.settings);
  }
  /** Gives the choice back to the recipes. */
  const useRecipesOwn = (): void => change(null);

  /** The parameters of an augmentation that was switched off, for when it is switched on again. */
  const remembered = new Map<string, Record<string, AugmentationValue>>();
  function switchOn(id: string, on: boolean): void {
    if (settings.value === null) return;
    const { [id]: before, ...others } = settings.value.transforms;
    if (before) remembered.set(id, before);
    const params = remembered.get(id) ?? defaultsOf(catalogue.value, id);
    const transforms = on ? ordered(catalogue.value, { ...others, [id]: params }) : others;
    change({ ...settings.value, transforms });
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

  function reset(): void {
    saving.cancel();
    settings.value = null;
    remembered.clear();
  }
  const actions = { usePreset, useRecipesOwn, switchOn, setParam, setFill };
  return { catalogue, presets, preset, settings, chosen, show, saving, actions, reset };
}

/** Stores settings in the project, one request after another. */
function useSaving() {
  const opened = useLatest();
  /** Why the settings could not be stored; cleared once they are. */
  const failure = shallowRef<ErrorData | null>(null);
  /** What is not stored yet. */
  let pending: { readonly settings: AugmentationSettings | null } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saves: Promise<void> = Promise.resolve();
  let changes = 0;

  function later(settings: AugmentationSettings | null): void {
    changes++;
    pending = { settings };
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), saveAfter);
  }
  /** Stores the last change now. @returns when it, and all changes before it, are stored or have failed */
  function flush(): Promise<void> {
    clearTimeout(timer);
    const { signal } = opened;
    saves = saves.then(() => (signal.aborted ? undefined : save(signal)));
    return saves;
  }
  async function save(signal: AbortSignal): Promise<void> {
    const wanted = pending;
    if (wanted === null) return;
    try {
      await api.augmentation.set({ settings: wanted.settings });
      if (signal.aborted) return;
      failure.value = null;
      // A change that came meanwhile has its own timer.
      if (pending === wanted) pending = null;
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    }
  }
  /** Says whether the user's changes since this call, or one not stored yet, are newer than what the services have. */
  function watchChanges(): () => boolean {
    const known = changes;
    return () => pending !== null || known !== changes;
  }
  /** Drops what is not stored: it belongs to a project that is no longer open. */
  function cancel(): void {
    clearTimeout(timer);
    opened.cancel();
    pending = null;
    saves = Promise.resolve();
    failure.value = null;
  }
  return { failure, later, flush, watchChanges, cancel };
}

function defaultsOf(catalogue: readonly AugmentationInfo[], id: string): Record<string, AugmentationValue> {
  const info = catalogue.find((item) => item.id === id);
  return Object.fromEntries((info?.params ?? []).map((param) => [param.name, param.default]));
}

/** In the order of the catalogue, so that equal settings are equal text. */
function ordered(
  catalogue: readonly AugmentationInfo[],
  transforms: AugmentationSettings['transforms'],
): AugmentationSettings['transforms'] {
  const places = catalogue.map(({ id }) => id);
  const entries = Object.entries(transforms);
  return Object.fromEntries(entries.sort(([a], [b]) => places.indexOf(a) - places.indexOf(b)));
}
