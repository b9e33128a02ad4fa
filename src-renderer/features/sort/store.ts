/** The sorting that is shown: its photos, what the user says of them, and the work on it. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type {
  ErrorData,
  SortBy,
  SortPlan,
  SortedPhoto,
  SortedView,
  Sorting,
  SortingState,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { type PickHow, emptySelection, pick } from '../../shared/composables/selection.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Rows asked for at once: as many as fit into a window, and some around them. */
const rowsAtOnce = 200;
const review: SortedView = { show: 'review' };

export const useSortStore = defineStore('sort', () => {
  const list = shallowRef<readonly Sorting[]>([]);
  const current = shallowRef<Sorting | null>(null);
  const work = shallowRef<SortingState | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  const view = shallowRef<SortedView>(review);
  const ids = shallowRef<readonly number[]>([]);
  const rows = shallowRef<ReadonlyMap<number, SortedPhoto>>(new Map());
  const selection = shallowRef(emptySelection);
  const plan = shallowRef<SortPlan | null>(null);
  const by = ref<SortBy>('copy');
  /** A picked folder to sort into; null: the usual one. */
  const out = ref<string | null>(null);
  const added = ref(0);
  const readings = useLatest();
  /** The places that were asked for last. */
  let wanted: [first: number, last: number] = [0, rowsAtOnce];
  const plans = useLatest();

  const running = computed(() => work.value?.status === 'running');
  const photo = computed(() =>
    selection.value.current === null ? null : (rows.value.get(selection.value.current) ?? null),
  );
  const placed = computed(() => (current.value?.files.placed ?? 0) > 0);

  async function attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    failure.value = null;
    try {
      return await ask();
    } catch (thrown) {
      failure.value = failureOf(thrown);
      return null;
    }
  }

  async function refresh(): Promise<void> {
    const [sortings, state] = await Promise.all([api.sorting.list(), api.sorting.state()]);
    list.value = sortings;
    work.value = state;
    if (state?.status === 'running') show(state.sorting);
  }

  /** Makes a sorting the shown one. */
  function show(sorting: Sorting): void {
    const other = current.value?.id !== sorting.id;
    current.value = sorting;
    if (other) {
      selection.value = emptySelection;
      plan.value = null;
      out.value = null;
      added.value = 0;
      view.value = sorting.toReview > 0 ? review : { show: 'all' };
      ids.value = [];
      rows.value = new Map();
    }
    if (!running.value) void reload();
  }

  function leave(): void {
    current.value = null;
    void attempt(refresh);
  }

  /** The work as the services push it. */
  function take(state: SortingState): void {
    const ended = state.status !== 'running' && work.value?.status === 'running';
    work.value = state;
    if (state.error !== null) failure.value = state.error;
    if (current.value === null || current.value.id !== state.sorting.id) {
      if (state.status === 'running') show(state.sorting);
      return;
    }
    current.value = state.sorting;
    if (!ended) return;
    if (state.progress.phase === 'predicting' || state.progress.phase === 'looking') {
      view.value = state.sorting.toReview > 0 ? review : { show: 'all' };
      // What was chosen while it ran was the first of another list.
      selection.value = emptySelection;
    }
    void reload();
  }

  /** Reads the list of the view anew, and the plan. */
  async function reload(): Promise<void> {
    const sorting = current.value;
    if (sorting === null) return;
    const signal = readings.begin();
    const found = await attempt(() => api.sorting.photos({ id: sorting.id, view: view.value }));
    if (found === null || signal.aborted) return;
    ids.value = found;
    rows.value = new Map();
    const at = selection.value.current;
    if (at === null || !found.includes(at))
      selection.value = found.length === 0 ? emptySelection : pick(emptySelection, found, found[0], 'only');
    await want(0, rowsAtOnce);
    await makePlan();
  }

  function choose(next: SortedView): void {
    view.value = next;
    selection.value = emptySelection;
    void reload();
  }

  /** Asks for what is not known of the photos from one place to another. */
  async function want(first: number, last: number): Promise<void> {
    wanted = [first, last];
    const sorting = current.value;
    const missing = ids.value.slice(Math.max(0, first), last + 1).filter((id) => !rows.value.has(id));
    if (sorting === null || missing.length === 0) return;
    const { signal } = readings;
    for (let start = 0; start < missing.length; start += rowsAtOnce) {
      const photos = missing.slice(start, start + rowsAtOnce);
      const found = await attempt(() => api.sorting.rows({ id: sorting.id, photos }));
      if (found === null || signal.aborted) return;
      rows.value = new Map([...rows.value, ...found.map((row) => [row.id, row] as const)]);
    }
  }

  async function makePlan(): Promise<void> {
    const sorting = current.value;
    const signal = plans.begin();
    if (sorting === null || running.value || placed.value || sorting.stage !== 'ready') {
      plan.value = null;
      return;
    }
    const made = await attempt(() =>
      api.sorting.plan({ id: sorting.id, by: by.value, ...outOf() }, { signal }),
    );
    if (!signal.aborted) plan.value = made;
  }
  const outOf = (): { out?: string } => (out.value === null ? {} : { out: out.value });

  /** Says what the chosen photos are, and goes on to the next one. */
  async function say(verdict: string | null): Promise<void> {
    const sorting = current.value;
    const photos = [...selection.value.ids];
    if (sorting === null || photos.length === 0 || running.value || placed.value) return;
    const next = await attempt(() => api.sorting.review({ id: sorting.id, photos, verdict }));
    if (next === null) return;
    current.value = next;
    const last = Math.max(...photos.map((id) => ids.value.indexOf(id)));
    const after = ids.value[Math.min(last + 1, ids.value.length - 1)];
    await renew();
    selection.value = pick(emptySelection, ids.value, after, 'only');
  }
  /** Each photo as the network says. */
  async function accept(): Promise<void> {
    const label = photo.value?.label;
    if (label != null) await say(label);
  }

  async function undoReview(): Promise<void> {
    const sorting = current.value;
    if (sorting === null || running.value || placed.value) return;
    const undone = await attempt(() => api.sorting.undoReview({ id: sorting.id }));
    if (undone === null || undone.photos.length === 0) return;
    current.value = undone.sorting;
    await renew();
    const first = undone.photos.find((id) => ids.value.includes(id));
    if (first !== undefined) selection.value = pick(emptySelection, ids.value, first, 'only');
  }

  /** Reads what is shown anew: other photos of a burst change too. */
  async function renew(): Promise<void> {
    rows.value = new Map();
    await want(...wanted);
    void makePlan();
  }

  async function judge(settings: { threshold: number | null; burst: number | null }): Promise<void> {
    const sorting = current.value;
    if (sorting === null) return;
    const next = await attempt(() => api.sorting.judge({ id: sorting.id, ...settings }));
    if (next === null) return;
    current.value = next;
    await reload();
  }

  const onSorting = async (ask: (id: string) => Promise<Sorting>): Promise<void> => {
    const id = current.value?.id;
    if (id === undefined) return;
    const sorting = await attempt(() => ask(id));
    if (sorting !== null) current.value = sorting;
  };
  const apply = (): Promise<void> => onSorting((id) => api.sorting.apply({ id, by: by.value, ...outOf() }));
  const undo = (): Promise<void> => onSorting((id) => api.sorting.undo({ id }));
  const resume = (): Promise<void> => onSorting((id) => api.sorting.resume({ id }));
  const cancel = (): Promise<void> => api.sorting.cancel();

  async function remove(id: string): Promise<void> {
    await attempt(() => api.sorting.remove({ id }));
    await attempt(refresh);
  }

  /** Copies what the user said of photos into the training photos. */
  async function addToTraining(): Promise<void> {
    const sorting = current.value;
    if (sorting === null || sorting.reviewed === 0) return;
    const answer = await attempt(async () => {
      const photos = await api.sorting.photos({ id: sorting.id, view: { show: 'reviewed' } });
      return api.sorting.addToTraining({ id: sorting.id, photos });
    });
    if (answer !== null) added.value = answer.photos;
  }

  const choosePhoto = (id: number, how: PickHow): void => {
    selection.value = pick(selection.value, ids.value, id, how);
  };

  function reset(): void {
    readings.cancel();
    plans.cancel();
    list.value = [];
    current.value = null;
    work.value = null;
    failure.value = null;
    ids.value = [];
    rows.value = new Map();
    selection.value = emptySelection;
    plan.value = null;
    out.value = null;
  }

  return {
    list,
    current,
    work,
    failure,
    view,
    ids,
    rows,
    selection,
    plan,
    by,
    out,
    added,
    running,
    photo,
    placed,
    attempt,
    refresh,
    show,
    leave,
    take,
    choose,
    choosePhoto,
    want,
    makePlan,
    say,
    accept,
    undoReview,
    judge,
    apply,
    undo,
    resume,
    cancel,
    remove,
    addToTraining,
    reset,
  };
});
