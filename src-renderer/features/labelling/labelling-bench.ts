/** The work of the Images screen: what keys, menus, drops and forms do to exactly the chosen photos. */
import { useToast } from '@nuxt/ui/composables';
import { useLocalStorage } from '@vueuse/core';
import { computed, shallowRef, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { AppliedEdit, DatasetImage, EditInput, Split } from '../../../src-main/contract/app/index.ts';
import { packRanges, unpackRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { announce } from '../../shared/composables/announce.ts';
import { plural } from '../../shared/text/format.ts';
import { type ChosenKeys, giveKey, keysOf, useLabelKeys } from './label-keys.ts';
import type { ChosenPhotos, PhotoActions } from './photo-menu.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useLabelsStore } from './store.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { useSelectionStore } from '../../shared/project/selection.ts';
import { useSuggestionsStore } from './suggestions.ts';
import { followsPrefix } from '../../shared/composables/shortcuts.ts';
import { guessesByClass, shownSuggestion } from './text.ts';
import { useClassTask } from './class-task.ts';

/** What the screen does for the bench. */
interface BenchView {
  enlarge(): void;
  /** Goes where a comment can be written. */
  comment(): void;
  /** Gives the focus back to the photos. */
  focus(): void;
}

/** What was just done, for `undo-toast.vue`. */
export interface UndoNote {
  readonly sentence: string;
  /** What Undo takes back; null: there is nothing to undo. */
  readonly entry: number | null;
}

/** More photos than this are not all looked at for a menu. */
const maxExamined = 2000;
/** More photos than this are not chosen again after an undo. */
const maxReselected = 20_000;

/** Makes the bench; it listens for its keys while the calling component lives. */
export function useLabellingBench(view: BenchView) {
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const selection = useSelectionStore();
  const project = useProjectStore();
  const suggestions = useSuggestionsStore();
  const router = useRouter();
  const toast = useToast();
  const forms = useClassTask(() => view.focus(), tell);

  const advance = useLocalStorage('lenslet-advance', true);
  const allKeys = useLocalStorage<Record<string, ChosenKeys>>('lenslet-label-keys', {});
  const classes = computed(() => dataset.summary?.classes ?? []);
  const byId = computed(() => new Map(classes.value.map((item) => [item.id, item])));
  const projectId = computed(() => project.current?.id ?? '');
  const keys = computed(() => keysOf(classes.value, allKeys.value[projectId.value] ?? {}));

  const note = shallowRef<UndoNote | null>(null);
  /** Says what an edit did, and offers to undo it. */
  function tell({ entry }: AppliedEdit): void {
    if (entry === null) return;
    announce(entry.sentence);
    note.value = { sentence: entry.sentence, entry: entry.id };
  }

  /** Makes an edit and tells what it did. @returns whether it was made */
  async function make(edit: EditInput): Promise<boolean> {
    const applied = await labels.apply(edit);
    if (applied !== null) tell(applied);
    return applied !== null;
  }

  /** Labels the chosen photos; null takes their label away. */
  async function label(classId: number | null, how: 'key' | 'pointer'): Promise<void> {
    if (selection.size === 0) return;
    const images = selection.ranges;
    const next = selection.next();
    const [first] = selection.ids;
    const made = make({ kind: 'label', images, classId });
    // What is shown has changed already; photos that no longer fit the filter have left the list.
    const left = !dataset.ids.includes(first);
    if (left || (how === 'key' && advance.value)) goOn(next, left);
    if (!(await made)) selection.choose(unpackRanges(images));
  }

  /** Gives the chosen photos the labels that are suggested for them: one edit, like any other. */
  async function accept(how: 'key' | 'pointer'): Promise<void> {
    if (!suggestions.on || selection.size === 0) return;
    const ids = [...selection.ids];
    const images = selection.ranges;
    const inProject = projectId.value;
    const known = ids.every((id) => suggestions.known.has(id) && dataset.details.has(id));
    let photos: DatasetImage[];
    let found: typeof suggestions.known;
    try {
      photos = known ? ids.map((id) => dataset.details.get(id)!) : await dataset.imagesOf(ids);
      found = known ? suggestions.known : await suggestions.suggestionsOf(ids);
    } catch (thrown) {
      labels.failure = failureOf(thrown);
      return;
    }
    if (projectId.value !== inProject) return;
    const guesses = guessesByClass(photos, found, byId.value);
    if (guesses.size === 0) {
      announce(`Nothing is suggested for ${ids.length === 1 ? 'this photo' : 'these photos'}.`);
      return;
    }
    const [classId, same] = [...guesses][0];
    // Meanwhile other photos may have been chosen: they stay chosen, and get no label.
    const stays = selection.ranges === images;
    if (same.length === ids.length) {
      if (stays) return label(classId, how);
      await make({ kind: 'label', images, classId });
      return;
    }
    const next = selection.next();
    const named = [...guesses].map(([id, some]) => ({
      name: byId.value.get(id)!.name,
      images: packRanges(some),
    }));
    const made = await make({ kind: 'assign', what: 'the suggested labels', labels: named, splits: [] });
    if (made && stays && !dataset.ids.includes(ids[0])) goOn(next, true);
  }

  /** At the end of the list the last photo stays chosen, unless it has left. */
  function goOn(next: number | null, left: boolean): void {
    if (next === null && left) selection.clear();
    else if (next !== null && (left || isAfter(next))) selection.pick(next);
  }
  const isAfter = (id: number): boolean =>
    dataset.ids.indexOf(id) > Math.max(-1, dataset.ids.indexOf(selection.current ?? -1));

  async function step(how: 'undo' | 'redo'): Promise<void> {
    const applied = await (how === 'undo' ? labels.undo() : labels.redo());
    if (!applied?.entry) return;
    // Nothing is to be undone any more that was offered.
    note.value = null;
    announce(`${how === 'undo' ? 'Undone' : 'Done again'}: ${applied.entry.sentence}`);
    const touched = applied.changes.flatMap((change) => ('images' in change ? [change.images] : []));
    const ids = touched.flatMap((ranges) => unpackRanges(ranges));
    if (ids.length === 0 || ids.length > maxReselected) return;
    if (!dataset.ids.includes(ids[0])) await dataset.relist().catch(() => undefined);
    selection.choose(ids);
  }

  /** Takes back what the note is about, as long as nothing was done since. */
  async function undoNoted(entry: number): Promise<void> {
    if (labels.journal?.undo?.id === entry) return step('undo');
    note.value = { sentence: 'Something was edited since. Undo that first.', entry: null };
  }

  watch(
    () => project.current?.key,
    () => (note.value = null),
  );

  const onChosen = (edit: (images: string) => EditInput): void => {
    if (selection.size > 0) void make(edit(selection.ranges));
  };

  /** Moves at once, unless something speaks against it: then it is asked for. */
  async function moveTo(split: Split | null): Promise<void> {
    const { ranges: images, size: count } = selection;
    if (count === 0) return;
    const looked = await labels.preview({ kind: 'split', images, split }).catch(() => null);
    if (looked !== null && looked.warnings.length > 0) forms.begin({ kind: 'split', split, images, count });
    else await make({ kind: 'split', images, split });
  }

  async function copyPaths(): Promise<void> {
    let paths: string[];
    try {
      paths = (await dataset.imagesOf([...selection.ids])).map(({ path }) => path);
    } catch (thrown) {
      labels.failure = failureOf(thrown);
      return;
    }
    const copied = await navigator.clipboard.writeText(paths.join('\n')).then(
      () => true,
      () => false,
    );
    toast.add(
      copied
        ? { id: 'copied', title: `Copied ${plural(paths.length, 'path')}`, icon: 'i-lucide-clipboard-check' }
        : {
            id: 'copied',
            title: 'The paths were not copied',
            description:
              'The browser does not let this page use the clipboard. Allow it for this page, and try again.',
            icon: 'i-lucide-triangle-alert',
            color: 'warning',
          },
    );
  }

  const actions: PhotoActions = {
    label: (classId) => void label(classId, 'pointer'),
    labelAs: () => forms.begin({ kind: 'label-as', images: selection.ranges, count: selection.size }),
    splitOff: (of) => forms.begin({ kind: 'split-off', of, images: selection.ranges, count: selection.size }),
    split: (split) => void moveTo(split),
    exclude: (excluded) => onChosen((images) => ({ kind: excluded ? 'exclude' : 'restore', images })),
    comment: () => view.comment(),
    enlarge: () => view.enlarge(),
    // Several are chosen there as they are here; one is pointed out.
    showOnMap: () =>
      void router.push({ path: '/map', query: selection.size === 1 ? { image: selection.current } : {} }),
    copyPaths: () => void copyPaths(),
    all: () => selection.all(),
  };

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
    accept,
    suggestionOf: (image: DatasetImage | undefined) =>
      shownSuggestion(image, suggestions.known.get(image?.id ?? 0), byId.value),
    step,
    note,
    undoNoted,
    comment: (comment: string | null, images: string) => void make({ kind: 'comment', images, comment }),
    giveKey: (classId: number, key: string) => {
      allKeys.value = { ...allKeys.value, [projectId.value]: giveKey(keys.value, classId, key) };
    },
  };
}
