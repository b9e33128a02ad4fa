/** The last edit of findings, for `undo-toast.vue`, and undoing it. */
import { shallowRef } from 'vue';
import type { AppliedEdit } from '../../../src-main/contract/app/index.ts';
import { useFindingsStore } from './findings.ts';
import { undoNoteText as text } from './text.ts';

interface UndoNote {
  readonly sentence: string;
  /** What Undo takes back; null: there is nothing to undo. */
  readonly entry: number | null;
  /** The check it was about. */
  readonly of: string;
}

/** @param check the check whose findings are shown */
export function useUndoNote(check: () => string) {
  const findings = useFindingsStore();
  const note = shallowRef<UndoNote | null>(null);

  /** Reports an edit; null: it failed, which the screen reports. */
  function report(applied: AppliedEdit | null): void {
    if (applied === null) return;
    const { entry } = applied;
    const sentence = entry?.sentence ?? text.thereWasNothingToChange;
    note.value = { sentence, entry: entry?.id ?? null, of: check() };
  }
  async function undo(entry: number): Promise<void> {
    const of = note.value?.of ?? check();
    const how = await findings.undo(entry, of);
    // The screen reports why it failed; the note stays, to try again.
    if (how === 'failed') return;
    const sentence = how === 'done' ? text.undone : text.somethingWasEditedSinceUndo;
    note.value = { sentence, entry: null, of };
  }
  async function redoLast(): Promise<void> {
    report(await findings.redo(check()));
  }
  function undoLast(): void {
    if (note.value?.entry != null) void undo(note.value.entry);
  }
  return { note, report, undo, undoLast, redoLast };
}
