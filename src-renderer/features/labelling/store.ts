/** Edits of the dataset with undo and redo, the journal, saved views, and labels in files. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type {
  AppliedEdit,
  EditInput,
  EditPreview,
  ErrorData,
  ImageFilter,
  JournalEntry,
  JournalState,
  PhotoDetails,
  PhotoSort,
  SavedView,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { guessChanges } from '../../shared/project/photo-changes.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Entries of the journal that are asked for at a time. */
const page = 100;

export const useLabelsStore = defineStore('labels', () => {
  const dataset = useDatasetStore();
  const journal = shallowRef<JournalState | null>(null);
  /** Newest first; null until somebody wants to see it. */
  const history = shallowRef<JournalEntry[] | null>(null);
  const historyComplete = ref(false);
  const views = shallowRef<SavedView[]>([]);
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
    const [state, kept] = await Promise.all([api.labels.journalState(), api.labels.views()]);
    if (signal.aborted) return;
    journal.value = state;
    views.value = kept;
    if (history.value !== null) await loadHistory();
  }

  function remember({ entry, how, journal: state }: AppliedEdit): void {
    if (journal.value !== null && state.revision < journal.value.revision) return;
    journal.value = state;
    if (entry === null || history.value === null) return;
    // A new edit ends what could be redone.
    const others = history.value.filter(({ id, undone }) => id !== entry.id && !(how === 'edit' && undone));
    history.value = [entry, ...others].sort((a, b) => b.id - a.id);
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

  const historyReadings = useLatest();
  let historyOnItsWay = false;
  /** Reads the journal from its newest entry, or the page after what is known; of the latter one at a time. @throws AppError */
  async function loadHistory(more = false): Promise<void> {
    if (more && historyOnItsWay) return;
    const signal = historyReadings.begin();
    historyOnItsWay = true;
    const before = more ? history.value?.at(-1)?.id : undefined;
    try {
      const entries = await api.labels.journal(
        before === undefined ? { limit: page } : { before, limit: page },
      );
      if (signal.aborted) return;
      historyComplete.value = entries.length < page;
      history.value = before === undefined ? entries : [...(history.value ?? []), ...entries];
    } finally {
      if (!signal.aborted) historyOnItsWay = false;
    }
  }

  async function saveView(name: string, filter: ImageFilter, sort: PhotoSort): Promise<void> {
    await keepViews(() => api.labels.saveView({ name, filter, sort }));
  }
  async function removeView(id: number): Promise<void> {
    await keepViews(() => api.labels.removeView({ id }));
  }
  async function keepViews(change: () => Promise<SavedView[]>): Promise<void> {
    const { signal } = opened;
    const kept = await change();
    if (!signal.aborted) views.value = kept;
  }
  const details = (id: number): Promise<PhotoDetails> => api.labels.details({ id });

  function reset(): void {
    opened.cancel();
    historyReadings.cancel();
    historyOnItsWay = false;
    journal.value = null;
    history.value = null;
    views.value = [];
    failure.value = null;
    lastClass.value = null;
  }

  return {
    journal,
    history,
    historyComplete,
    views,
    saving,
    failure,
    lastClass,
    refresh,
    take,
    apply,
    undo,
    redo,
    preview,
    loadHistory,
    saveView,
    removeView,
    details,
    reset,
  };
});
