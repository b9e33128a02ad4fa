/** What one check found: the findings in pages, their photos, and what a fix would do to them. */
import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { ErrorData } from '../../../src-main/contract/app/index.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useFindingPages } from './finding-pages.ts';
import { useFixes } from './fixes.ts';
import { useChecksStore } from './store.ts';

export const useFindingsStore = defineStore('findings', () => {
  const checks = useChecksStore();
  const failure = shallowRef<ErrorData | null>(null);

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (thrown) {
      failure.value = failureOf(thrown);
      return null;
    }
  }
  /** What the user asks for: an older failure is no longer shown. */
  function attemptAnew<T>(work: () => Promise<T>): Promise<T | null> {
    failure.value = null;
    return attempt(work);
  }

  const pages = useFindingPages(attempt);
  const { check, dismissed, total, rows, photos, listed, want } = pages;
  const fixes = useFixes({ check, rows, attempt: attemptAnew });
  const { fixed, preview, working, makePreview, applyFix, exclude, dismiss, undo, redo } = fixes;

  function refresh(): Promise<void> {
    const info = checks.list.find(({ id }) => id === check.value);
    return pages.refresh(() => {
      if (info?.status === 'fresh') fixes.examined();
    });
  }
  // The check ran again, or something was edited.
  watch(
    () => checks.version,
    () => void refresh(),
  );

  /** Shows the findings of a check. @param onlyDismissed true: the dismissed ones */
  async function open(id: string, onlyDismissed = false): Promise<void> {
    pages.turnTo(id, onlyDismissed);
    fixes.reset();
    failure.value = null;
    await refresh();
  }
  const close = (): void => pages.turnTo(null);

  function dismissFailure(): void {
    failure.value = null;
  }

  return {
    check,
    dismissed,
    total,
    rows,
    photos,
    listed,
    fixed,
    failure,
    preview,
    working,
    open,
    close,
    want,
    makePreview,
    applyFix,
    exclude,
    dismiss,
    undo,
    redo,
    dismissFailure,
  };
});
