/** What was just done to findings, for `undo-toast.vue`, and taking it back. */
import { shallowRef } from 'vue';
import type { AppliedEdit } from '../../../src-main/contract/app/index.ts';
import { useFindingsStore } from './findings.ts';

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

  /** Says what an edit did; null: it failed, which is told elsewhere. */
  function tell(applied: AppliedEdit | null): void {
    if (applied === null) return;
    const { entry } = applied;
    const sentence = entry?.sentence ?? 'There was nothing to change.';
    note.value = { sentence, entry: entry?.id ?? null, of: check() };
  }
  async function undo(entry: number): Promise<void> {
    const of = note.value?.of ?? check();
    const how = await findings.undo(entry, of);
    // Why it failed is told by the screen; the note stays, to try again.
    if (how === 'failed') return;
    const sentence = how === 'done' ? 'Undone.' : 'Something was edited since. Undo that first, in Images.';
    note.value = { sentence, entry: null, of };
  }
  function undoLast(): void {
    if (note.value?.entry != null) void undo(note.value.entry);
  }
  return { note, tell, undo, undoLast };
}
