/** The journal as a list, newest first: read page by page once a screen shows it, and kept up to date with edits. */
import { ref, shallowRef } from 'vue';
import type { AppliedEdit, JournalEntry } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';

/** Entries in one request. */
const page = 100;

/** Makes the list. */
export function useEditHistory() {
  /** Null until a screen shows it. */
  const history = shallowRef<JournalEntry[] | null>(null);
  const historyComplete = ref(false);
  const readings = useLatest();
  let onItsWay = false;

  /**
   * Reads the journal from its newest entry.
   * @param more true: the page after the known entries, one at a time
   * @throws AppError
   */
  async function loadHistory(more = false): Promise<void> {
    if (more && onItsWay) return;
    const signal = readings.begin();
    onItsWay = true;
    const before = more ? history.value?.at(-1)?.id : undefined;
    try {
      const entries = await api.labels.journal(
        before === undefined ? { limit: page } : { before, limit: page },
      );
      if (signal.aborted) return;
      historyComplete.value = entries.length < page;
      history.value = before === undefined ? entries : [...(history.value ?? []), ...entries];
    } finally {
      if (!signal.aborted) onItsWay = false;
    }
  }

  /** Adds an edit to the list. */
  function add({ entry, how }: AppliedEdit): void {
    if (entry === null || history.value === null) return;
    // A new edit ends what could be redone.
    const others = history.value.filter(({ id, undone }) => id !== entry.id && !(how === 'edit' && undone));
    history.value = [entry, ...others].sort((a, b) => b.id - a.id);
  }

  function reset(): void {
    readings.cancel();
    onItsWay = false;
    history.value = null;
  }
  return { history, historyComplete, loadHistory, add, reset };
}
