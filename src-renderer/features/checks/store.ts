/** The checks of the dataset: what each found, and the run in progress. The findings of one check: `findings.ts`. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { CheckInfo, CheckRun, ErrorData } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { coalesce } from '../../shared/composables/coalesce.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useCheckExamples } from './examples.ts';
import { useExpectedRuns } from './expected-runs.ts';

export const useChecksStore = defineStore('checks', () => {
  const list = shallowRef<readonly CheckInfo[]>([]);
  const loaded = ref(false);
  /** The running or the last run of this session. */
  const run = shallowRef<CheckRun | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  /** Grows with every answer about the list. */
  const version = ref(0);
  const examples = useCheckExamples();
  const expected = useExpectedRuns();

  const running = computed(() => run.value?.status === 'running');
  /** Findings that should be looked at before training. */
  const open = computed(() =>
    list.value.reduce((sum, { severity, findings }) => sum + (severity === 'note' ? 0 : findings), 0),
  );
  /** Whether near-duplicates are known: the split needs them. */
  const nearDuplicates = computed(() => list.value.find(({ id }) => id === 'near-duplicates')?.status);

  /** Screens that show checks; while there is none, edits need no answer. */
  let watchers = 0;
  const readings = useLatest();

  async function refresh(): Promise<void> {
    const signal = readings.begin();
    const [nextList, nextRun] = await Promise.all([api.checks.list(), api.checks.state()]);
    if (signal.aborted) return;
    list.value = nextList;
    run.value = nextRun;
    loaded.value = true;
    version.value++;
    if (watchers > 0) await examples.refresh(nextList, signal);
    if (!running.value) expected.run(list.value);
  }
  const changed = coalesce(refresh);

  /** A run as the services push it. */
  function take(next: CheckRun): void {
    const before = run.value;
    run.value = next;
    const moved =
      before?.id !== next.id ||
      before.status !== next.status ||
      before.finished.length !== next.finished.length;
    if (moved) changed();
  }
  /** Photos, labels or splits changed. */
  function datasetChanged(): void {
    if (watchers > 0 || expected.any()) changed();
  }
  /** A screen shows checks from now on. @returns what ends it */
  function watch(): () => void {
    watchers++;
    changed();
    return () => watchers--;
  }
  /** The check is to be run when it is out of date: something was just fixed, or restored. */
  function expect(check: string): void {
    expected.add(check);
    changed();
  }

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }
  /** Runs some checks, or all of them. */
  function start(checks: readonly string[] = []): Promise<void> {
    failure.value = null;
    return attempt(async () => take(await api.checks.run({ checks: [...checks] })));
  }
  const cancel = (): Promise<void> => attempt(() => api.checks.cancel());

  function reset(): void {
    readings.cancel();
    list.value = [];
    loaded.value = false;
    run.value = null;
    failure.value = null;
    examples.reset();
    expected.reset();
  }

  return {
    list,
    loaded,
    run,
    failure,
    examples: examples.examples,
    version,
    running,
    open,
    nearDuplicates,
    refresh,
    take,
    datasetChanged,
    watch,
    expect,
    start,
    cancel,
    reset,
  };
});
