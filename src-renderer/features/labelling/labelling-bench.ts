/** The work of the Images screen: what keys, menus, drops and forms do to exactly the chosen photos. */
import { useLocalStorage } from '@vueuse/core';
import { computed, ref } from 'vue';
import type { DatasetImage } from '../../../src-main/contract/app/index.ts';
import { followsPrefix } from '../../shared/composables/shortcuts.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { useSelectionStore } from '../../shared/project/selection.ts';
import { useClassTask } from './class-task.ts';
import { useEditNotes } from './edit-notes.ts';
import { useLabelChosen } from './label-chosen.ts';
import { type ChosenKeys, giveKey, keysOf, useLabelKeys } from './label-keys.ts';
import { usePhotoActions } from './photo-actions.ts';
import type { ChosenPhotos } from './photo-menu.ts';
import { useLabelsStore } from './store.ts';
import { shownSuggestion } from './suggestion-words.ts';
import { useSuggestionsStore } from './suggestions.ts';

/** What the screen does for the bench. */
interface BenchView {
  enlarge(): void;
  /** Goes where a comment can be written. */
  comment(): void;
  /** Gives the focus back to the photos. */
  focus(): void;
}

/** The details of more photos than this are not examined for a menu. */
const maxExamined = 2000;

/** The classes of the project, and the key of each. */
function useClassKeys() {
  const dataset = useDatasetStore();
  const project = useProjectStore();
  const allKeys = useLocalStorage<Record<string, ChosenKeys>>('lenslet-label-keys', {});
  const classes = computed(() => dataset.summary?.classes ?? []);
  const byId = computed(() => new Map(classes.value.map((item) => [item.id, item])));
  const projectId = computed(() => project.current?.id ?? '');
  const keys = computed(() => keysOf(classes.value, allKeys.value[projectId.value] ?? {}));
  return {
    classes,
    byId,
    projectId,
    keys,
    giveKey: (classId: number, key: string) => {
      allKeys.value = { ...allKeys.value, [projectId.value]: giveKey(keys.value, classId, key) };
    },
  };
}

/** Makes the bench; it listens for its keys while the calling component lives. */
export function useLabellingBench(view: BenchView) {
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const selection = useSelectionStore();
  const suggestions = useSuggestionsStore();
  const { classes, byId, projectId, keys, giveKey: give } = useClassKeys();
  const { note, report, make, step, undoNoted } = useEditNotes();
  const forms = useClassTask(() => view.focus(), report);
  const advance = useLocalStorage('lenslet-advance', true);
  const { label, labelByName, accept } = useLabelChosen({
    advance,
    byId,
    projectId: () => projectId.value,
    make,
  });
  const actions = usePhotoActions({
    label: (classId) => void label(classId, 'pointer'),
    make,
    begin: forms.begin,
    comment: () => view.comment(),
    enlarge: () => view.enlarge(),
  });

  const sameClass = computed(() => {
    if (selection.size === 0 || selection.size > maxExamined) return null;
    const found = new Set([...selection.ids].map((id) => dataset.details.get(id)?.classId));
    const [only] = found;
    return found.size === 1 && only != null ? (byId.value.get(only) ?? null) : null;
  });
  const chosen = computed<ChosenPhotos>(() => ({
    count: selection.size,
    classes: classes.value,
    keys: keys.value,
    sameClass: sameClass.value,
    excluded: dataset.filter.excluded === true,
  }));

  /** Whether the class of the chosen photos is being typed. */
  const finding = ref(false);
  useLabelKeys({
    digit: (key) => {
      const id = [...keys.value].find(([, one]) => one === key)?.[0];
      if (id !== undefined) void label(id, 'key');
    },
    remove: () => void label(null, 'key'),
    same: () => {
      if (labels.lastClass !== null && byId.value.has(labels.lastClass)) void label(labels.lastClass, 'key');
    },
    accept: () => {
      // After g it goes to a screen.
      if (!suggestions.on || followsPrefix()) return false;
      void accept('key');
      return true;
    },
    byName: () => {
      // After g it goes to a screen.
      if (selection.size === 0 || followsPrefix()) return false;
      finding.value = true;
      return true;
    },
    exclude: () => actions.exclude(!chosen.value.excluded),
    undo: () => void step('undo'),
    redo: () => void step('redo'),
  });

  return {
    advance,
    classes,
    byId,
    keys,
    forms,
    actions,
    chosen,
    make,
    label,
    labelByName,
    finding,
    suggestionOf: (image: DatasetImage | undefined) =>
      shownSuggestion(image, suggestions.known.get(image?.id ?? 0), byId.value),
    step,
    note,
    undoNoted,
    comment: (comment: string | null, images: string) => void make({ kind: 'comment', images, comment }),
    giveKey: give,
  };
}
