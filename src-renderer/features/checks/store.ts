/** The checks of the dataset: what each found, and the run that is going on. What one check found: `findings.ts`. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { CheckInfo, CheckRun, ErrorData } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { coalesce } from '../../shared/composables/coalesce.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Findings of a check from which the overview takes pictures. */
const exampleFindings = 3;
const examplePhotos = 4;

export const useChecksStore = defineStore('checks', () => {
  const list = shallowRef<readonly CheckInfo[]>([]);
  const loaded = ref(false);
  /** The running or the last run of this session. */
  const run = shallowRef<CheckRun | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  /** A few photos of each check's worst findings. */
  const examples = shallowRef<ReadonlyMap<string, readonly number[]>>(new Map());
  /** Grows with every answer about the list. */
  const version = ref(0);

  const running = computed(() => run.value?.status === 'running');
  /** Findings that should be looked at before training. */
  const open = computed(() =>
    list.value.reduce((sum, { severity, findings }) => sum + (severity === 'note' ? 0 : findings), 0),
  );
  /** Whether near-duplicates are known: the split needs them. */
  const nearDuplicates = computed(() => list.value.find(({ id }) => id === 'near-duplicates')?.status);

  /** Checks whose fix or undo is to be seen done: they run once more when they are out of date. */
  const expected = new Set<string>();
  /** Screens that show checks; while there is none, edits need no answer. */
  let watchers = 0;
  const readings = useLatest();
  const shownOf = new Map<string, string>();

  async function refresh(): Promise<void> {
    const signal = readings.begin();
    const [nextList, nextRun] = await Promise.all([api.checks.list(), api.checks.state()]);
    if (signal.aborted) return;
    list.value = nextList;
    run.value = nextRun;
    loaded.value = true;
    version.value++;
    if (watchers > 0) await loadExamples(signal);
    runExpected();
  }
  const changed = coalesce(refresh);

  function runExpected(): void {
    const asked = list.value.filter(({ id }) => expected.has(id));
    if (running.value) return;
    for (const { id } of asked) expected.delete(id);
    const stale = asked.filter(({ status }) => status === 'stale').map(({ id }) => id);
    if (stale.length > 0) api.checks.run({ checks: stale }).catch(() => undefined);
  }

  async function loadExamples(signal: AbortSignal): Promise<void> {
    const next = new Map(examples.value);
    for (const { id, ranAt, findings, dismissed } of list.value) {
      const state = [ranAt, findings, dismissed].join();
      if (shownOf.get(id) === state) continue;
      const found = findings === 0 ? [] : await readExamples(id);
      if (signal.aborted) return;
      shownOf.set(id, state);
      next.set(id, found);
    }
    examples.value = next;
  }
  async function readExamples(check: string): Promise<number[]> {
    const { findings } = await api.checks.findings({ check, limit: exampleFindings });
    const photos = findings.flatMap(({ sample }) => sample.slice(0, examplePhotos));
    return [...new Set(photos)].slice(0, examplePhotos);
  }

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
    if (watchers > 0 || expected.size > 0) changed();
  }
  /** A screen shows checks from now on. @returns what ends it */
  function watch(): () => void {
    watchers++;
    changed();
    return () => watchers--;
  }
  /** The check is to be run when it is out of date: something was just mended, or brought back. */
  function expect(check: string): void {
    expected.add(check);
    changed();
  }

  /** Runs some checks, or all of them. */
  async function start(checks: readonly string[] = []): Promise<void> {
    failure.value = null;
    try {
      take(await api.checks.run({ checks: [...checks] }));
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }
  async function cancel(): Promise<void> {
    try {
      await api.checks.cancel();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }

  function reset(): void {
    readings.cancel();
    list.value = [];
    loaded.value = false;
    run.value = null;
    failure.value = null;
    examples.value = new Map();
    shownOf.clear();
    expected.clear();
  }

  return {
    list,
    loaded,
    run,
    failure,
    examples,
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
