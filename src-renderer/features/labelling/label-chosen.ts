/** Labels the chosen photos, by hand or as suggested, and moves on to the next photo. */
import type { Ref } from 'vue';
import type { DatasetClass, DatasetImage, EditInput } from '../../../src-main/contract/app/index.ts';
import { packRanges, unpackRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { announce } from '../../shared/composables/announce.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useSelectionStore } from '../../shared/project/selection.ts';
import { useLabelsStore } from './store.ts';
import { guessesByClass } from './suggestion-words.ts';
import { useSuggestionsStore } from './suggestions.ts';
import { labelChosenText as text } from './text.ts';

/** How photos are labelled: only a key moves on to the next one. */
export type LabelHow = 'key' | 'pointer';

/** What labelling needs of its surroundings. */
interface Labelling {
  /** Whether a key moves on to the next photo. */
  readonly advance: Ref<boolean>;
  readonly byId: Ref<ReadonlyMap<number, DatasetClass>>;
  /** The open project. */
  projectId(): string;
  /** Makes an edit. @returns whether it was made */
  make(edit: EditInput): Promise<boolean>;
}

/** Makes the ways to label. */
export function useLabelChosen({ advance, byId, projectId, make }: Labelling) {
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const selection = useSelectionStore();
  const suggestions = useSuggestionsStore();

  /** Labels the chosen photos; null removes their label. */
  const label = (classId: number | null, how: LabelHow): Promise<void> =>
    labelWith((images) => make({ kind: 'label', images, classId }), how);
  /** Labels the chosen photos as a new class. */
  const labelByName = (name: string, how: LabelHow): Promise<void> =>
    labelWith((images) => make({ kind: 'label-as', images, name }), how);

  async function labelWith(edit: (images: string) => Promise<boolean>, how: LabelHow): Promise<void> {
    if (selection.size === 0) return;
    const images = selection.ranges;
    const next = selection.next();
    const [first] = selection.ids;
    const made = edit(images);
    // The list has changed already; photos that no longer fit the filter have left it.
    const left = !dataset.ids.includes(first);
    if (left || (how === 'key' && advance.value)) moveOn(next, left);
    if (!(await made)) selection.choose(unpackRanges(images));
  }

  /** At the end of the list the last photo stays chosen, unless it has left. */
  function moveOn(next: number | null, left: boolean): void {
    if (next === null && left) selection.clear();
    else if (next !== null && (left || isAfter(next))) selection.pick(next);
  }
  const isAfter = (id: number): boolean =>
    dataset.ids.indexOf(id) > Math.max(-1, dataset.ids.indexOf(selection.current ?? -1));

  /** Photos with their suggestions; null when these could not be read. */
  async function suggestedFor(ids: readonly number[]) {
    const known = ids.every((id) => suggestions.known.has(id) && dataset.details.has(id));
    try {
      const photos: DatasetImage[] = known
        ? ids.map((id) => dataset.details.get(id)!)
        : await dataset.imagesOf(ids);
      return guessesByClass(
        photos,
        known ? suggestions.known : await suggestions.suggestionsOf(ids),
        byId.value,
      );
    } catch (thrown) {
      labels.failure = failureOf(thrown);
      return null;
    }
  }

  /** Gives the chosen photos the labels that are suggested for them: one edit, like any other. */
  async function accept(how: LabelHow): Promise<void> {
    if (!suggestions.on || selection.size === 0) return;
    const ids = [...selection.ids];
    const images = selection.ranges;
    const inProject = projectId();
    const guesses = await suggestedFor(ids);
    if (guesses === null || projectId() !== inProject) return;
    if (guesses.size === 0) {
      announce(text.nothingIsSuggestedFor(ids.length === 1 ? text.thisPhoto : text.thesePhotos));
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
    const made = await make({ kind: 'assign', what: text.suggestedLabels, labels: named, splits: [] });
    if (made && stays && !dataset.ids.includes(ids[0])) moveOn(next, true);
  }

  return { label, labelByName, accept };
}
