/** Edits of the dataset with undo and redo, the journal and saved views. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type {
  AppliedEdit,
  EditInput,
  EditPreview,
  ErrorData,
  JournalState,
  PhotoDetails,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { guessChanges } from '../../shared/project/photo-changes.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useEditHistory } from './edit-history.ts';
import { useSavedViews } from './saved-views.ts';

export const useLabelsStore = defineStore('labels', () => {
  const dataset = useDatasetStore();
  const journal = shallowRef<JournalState | null>(null);
  const edits = useEditHistory();
  const saved = useSavedViews();
  /** Edits on their way to the disk. */
  const saving = ref(0);
  const failure = shallowRef<ErrorData | null>(null);
  /** The class that was given last, for "same as last". */
  const lastClass = ref<number | null>(null);
  const classes = computed(() => dataset.summary?.classes ?? []);
  const onTheirWay = new Set<Promise<AppliedEdit>>();
  /** Another project makes the answers about the one before stale. */
  const opened = useLatest();

  async function refresh(): Promise<void> {
    const { signal } = opened;
    const [state] = await Promise.all([api.labels.journalState(), saved.load()]);
    if (signal.aborted) return;
    journal.value = state;
    if (edits.history.value !== null) await edits.loadHistory();
  }

  function remember(applied: AppliedEdit): void {
    const { journal: state } = applied;
    if (journal.value !== null && state.revision < journal.value.revision) return;
    journal.value = state;
    edits.add(applied);
  }

  /** Takes over an edit that was made here or elsewhere. */
  function take(applied: AppliedEdit): void {
    remember(applied);
    dataset.take(applied);
  }

  async function send(
    work: () => Promise<AppliedEdit>,
    guess: ReturnType<typeof guessChanges> = [],
  ): Promise<AppliedEdit | null> {
    const expected = dataset.expectChanges(guess);
    saving.value++;
    failure.value = null;
    try {
      const applied = await work();
      remember(applied);
      dataset.take(applied, expected);
      return applied;
    } catch (thrown) {
      dataset.forget(expected);
      failure.value = failureOf(thrown);
      return null;
    } finally {
      saving.value--;
    }
  }

  /**
   * Makes an edit: shown at once, put back when it fails.
   * @returns null when it failed; see `failure`
   */
  function apply(edit: EditInput): Promise<AppliedEdit | null> {
    if (edit.kind === 'label' && edit.classId !== null) lastClass.value = edit.classId;
    const work = (): Promise<AppliedEdit> => {
      const answer = api.labels.apply(edit);
      onTheirWay.add(answer);
      return answer.finally(() => onTheirWay.delete(answer));
    };
    return send(work, guessChanges(edit, classes.value));
  }
  /** After the edits on their way: it is the last of them that is meant. */
  const afterEdits = async <T>(work: () => Promise<T>): Promise<T> => {
    await Promise.allSettled(onTheirWay);
    return work();
  };
  const undo = (): Promise<AppliedEdit | null> => send(() => afterEdits(() => api.labels.undo()));
  const redo = (): Promise<AppliedEdit | null> => send(() => afterEdits(() => api.labels.redo()));

  /** What an edit would do. @throws AppError as the edit itself */
  const preview = (edit: EditInput): Promise<EditPreview> => api.labels.preview(edit);

  const details = (id: number): Promise<PhotoDetails> => api.labels.details({ id });

  function reset(): void {
    opened.cancel();
    edits.reset();
    saved.reset();
    journal.value = null;
    failure.value = null;
    lastClass.value = null;
  }

  return {
    journal,
    history: edits.history,
    historyComplete: edits.historyComplete,
    views: saved.views,
    saving,
    failure,
    lastClass,
    refresh,
    take,
    apply,
    undo,
    redo,
    preview,
    loadHistory: edits.loadHistory,
    saveView: saved.saveView,
    removeView: saved.removeView,
    details,
    reset,
  };
});
