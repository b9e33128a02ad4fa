/** Edits of photos, each with a note that says what it did and offers to undo it. */
import { shallowRef, watch } from 'vue';
import type { AppliedEdit, EditInput } from '../../../src-main/contract/app/index.ts';
import { unpackRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { announce } from '../../shared/composables/announce.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { useSelectionStore } from '../../shared/project/selection.ts';
import { useLabelsStore } from './store.ts';
import { editNotesText as text } from './text.ts';

/** The last edit, for `undo-toast.vue`. */
interface UndoNote {
  readonly sentence: string;
  /** What Undo takes back; null: there is nothing to undo. */
  readonly entry: number | null;
}

/** More photos than this are not chosen again after an undo. */
const maxReselected = 20_000;

/** Makes edits and their notes. */
export function useEditNotes() {
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const selection = useSelectionStore();
  const project = useProjectStore();

  const note = shallowRef<UndoNote | null>(null);
  watch(
    () => project.current?.key,
    () => (note.value = null),
  );

  /** Says what an edit did, and offers to undo it. */
  function report({ entry }: AppliedEdit): void {
    if (entry === null) return;
    announce(entry.sentence);
    note.value = { sentence: entry.sentence, entry: entry.id };
  }

  /** Makes an edit and says what it did. @returns whether it was made */
  async function make(edit: EditInput): Promise<boolean> {
    const applied = await labels.apply(edit);
    if (applied !== null) report(applied);
    return applied !== null;
  }

  /** Undoes or redoes the last edit, and chooses the photos that changed. */
  async function step(how: 'undo' | 'redo'): Promise<void> {
    const applied = await (how === 'undo' ? labels.undo() : labels.redo());
    if (!applied?.entry) return;
    // The edit that the note offers to undo is no longer the last one.
    note.value = null;
    announce(`${how === 'undo' ? text.undone : text.doneAgain}: ${applied.entry.sentence}`);
    const touched = applied.changes.flatMap((change) => ('images' in change ? [change.images] : []));
    const ids = touched.flatMap((ranges) => unpackRanges(ranges));
    if (ids.length === 0 || ids.length > maxReselected) return;
    if (!dataset.ids.includes(ids[0])) await dataset.relist().catch(() => undefined);
    selection.choose(ids);
  }

  /** Undoes the edit of the note, as long as nothing was edited since. */
  async function undoNoted(entry: number): Promise<void> {
    if (labels.journal?.undo?.id === entry) return step('undo');
    note.value = { sentence: text.somethingWasEditedSinceUndo, entry: null };
  }

  return { note, report, make, step, undoNoted };
}
