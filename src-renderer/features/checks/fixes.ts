/** What a fix of findings would do, and the edits: apply it, dismiss findings, undo. */
import { type Ref, ref, shallowRef } from 'vue';
import type { AppliedEdit, EditPreview, Finding } from '../../../src-main/contract/app/index.ts';
import { packRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { useChecksStore } from './store.ts';

/** Some findings, or all of the check. */
export type FixTarget = { readonly findings: readonly number[] } | { readonly check: string };

/** What a fix would do; `edit` is null when there is nothing it could do. */
interface FixPreview {
  readonly edit: string | null;
  readonly preview: EditPreview | null;
}

const nothing: FixPreview = { edit: null, preview: null };

function requestOf(target: FixTarget): { findings?: number[]; check?: string } {
  return 'check' in target ? { check: target.check } : { findings: [...target.findings] };
}

/** What is fixed. */
interface FixedList {
  readonly check: Ref<string | null>;
  readonly rows: Ref<readonly (Finding | undefined)[]>;
  /** Runs a request and reports its failure. */
  attempt<T>(work: () => Promise<T>): Promise<T | null>;
}

/** Makes the fixes for a list of findings. */
export function useFixes({ check, rows, attempt }: FixedList) {
  const checks = useChecksStore();
  /** Keys of findings that were fixed, and that the check has not examined again yet. */
  const fixed = shallowRef<ReadonlySet<string>>(new Set());
  const preview = shallowRef<FixPreview | null>(null);
  const working = ref(false);
  const previews = useLatest();

  /** Finds out what the fix would do; null: it has no target. */
  async function makePreview(target: FixTarget | null): Promise<void> {
    const signal = previews.begin();
    preview.value = target === null ? nothing : null;
    if (target === null) return;
    try {
      const answer = await api.checks.previewFix(requestOf(target));
      if (!signal.aborted) preview.value = { edit: answer.edit?.kind ?? null, preview: answer.preview };
    } catch {
      // The findings were replaced by those of a new run meanwhile: the next preview comes with them.
      if (!signal.aborted) preview.value = nothing;
    }
  }

  async function edit(work: () => Promise<AppliedEdit>): Promise<AppliedEdit | null> {
    working.value = true;
    const applied = await attempt(work);
    working.value = false;
    return applied;
  }

  /** Applies the fix, as one edit. @returns null when that failed */
  async function applyFix(target: FixTarget): Promise<AppliedEdit | null> {
    const applied = await edit(() => api.checks.applyFix(requestOf(target)));
    if (applied?.entry == null) return applied;
    const meant = 'check' in target ? null : new Set(target.findings);
    const keys = rows.value.flatMap((row) =>
      row !== undefined && (meant === null || meant.has(row.id)) ? [row.key] : [],
    );
    fixed.value = new Set([...fixed.value, ...keys]);
    if (check.value !== null) checks.expect(check.value);
    return applied;
  }
  /** Leaves all photos of a finding out of training and tests. @returns null when that failed */
  async function exclude({ id, key }: Finding): Promise<AppliedEdit | null> {
    const applied = await edit(async () => {
      const images = packRanges(await api.checks.imagesOf({ finding: id }));
      return api.labels.apply({ kind: 'exclude', images });
    });
    if (applied?.entry == null) return applied;
    fixed.value = new Set([...fixed.value, key]);
    if (check.value !== null) checks.expect(check.value);
    return applied;
  }
  /** Dismisses findings, or restores them. @returns null when that failed */
  const dismiss = (keys: readonly string[], dismissed: boolean): Promise<AppliedEdit | null> =>
    edit(() => api.labels.apply({ kind: 'dismiss', keys: [...keys], dismissed }));

  /** Takes an edit back, as long as it is the last one. */
  async function undo(entry: number, of: string): Promise<'done' | 'edited since' | 'failed'> {
    const state = await attempt(() => api.labels.journalState());
    if (state === null) return 'failed';
    if (state.undo?.id !== entry) return 'edited since';
    if ((await edit(() => api.labels.undo())) === null) return 'failed';
    fixed.value = new Set();
    checks.expect(of);
    return 'done';
  }

  /** Does again what was undone last. @returns null when that failed, or there is nothing to do again */
  async function redo(of: string): Promise<AppliedEdit | null> {
    const state = await attempt(() => api.labels.journalState());
    if (state?.redo == null) return null;
    const applied = await edit(() => api.labels.redo());
    if (applied !== null) checks.expect(of);
    return applied;
  }

  /** Forgets which findings were fixed: the check has examined them again. */
  function examined(): void {
    fixed.value = new Set();
  }
  function reset(): void {
    examined();
    preview.value = null;
  }

  return { fixed, preview, working, makePreview, applyFix, exclude, dismiss, undo, redo, examined, reset };
}
