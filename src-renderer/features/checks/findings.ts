/** What one check found: the findings in pages, their photos, and what a fix would do to them. */
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type {
  AppliedEdit,
  DatasetImage,
  EditPreview,
  ErrorData,
  Finding,
} from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useChecksStore } from './store.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';

/** Findings that are asked for together. */
const page = 100;
/** Pages that are read at a time: all findings of a large project at once would hold up everything else. */
const atOnce = 4;
/** Photos of a finding whose class and split are read. */
const looked = 24;
/** Photos that can be asked for in one request. */
const maxImages = 2000;

/** Some findings, or all of the check. */
export type FixTarget = { readonly findings: readonly number[] } | { readonly check: string };

/** What a fix would do; `edit` is null when there is nothing it could do. */
export interface FixPreview {
  readonly edit: string | null;
  readonly preview: EditPreview | null;
}

const nothing: FixPreview = { edit: null, preview: null };

export const useFindingsStore = defineStore('findings', () => {
  const checks = useChecksStore();
  const check = ref<string | null>(null);
  /** Whether those put aside are shown instead. */
  const dismissed = ref(false);
  const total = ref(0);
  /** In their order; those not read yet are missing. */
  const rows = shallowRef<readonly (Finding | undefined)[]>([]);
  const photos = shallowRef<ReadonlyMap<number, DatasetImage>>(new Map());
  const listed = ref(false);
  /** Keys of findings that were mended, and that the check has not looked at again yet. */
  const mended = shallowRef<ReadonlySet<string>>(new Set());
  const failure = shallowRef<ErrorData | null>(null);
  const preview = shallowRef<FixPreview | null>(null);
  const working = ref(false);

  const readings = useLatest();
  const previews = useLatest();
  let shown = { first: 0, last: page - 1 };
  const asked = new Set<number>();
  const onTheirWay = new Set<Promise<void>>();

  async function readPage(at: number): Promise<{ total: number; findings: Finding[] }> {
    const wanted = check.value ?? '';
    return api.checks.findings({
      check: wanted,
      dismissed: dismissed.value,
      offset: at * page,
      limit: page,
    });
  }
  async function readPhotos(
    findings: readonly Finding[],
    known: ReadonlyMap<number, unknown>,
  ): Promise<DatasetImage[]> {
    const wanted = new Set(findings.flatMap(({ sample }) => sample.slice(0, looked)));
    const ids = [...wanted].filter((id) => !known.has(id));
    const parts = Array.from({ length: Math.ceil(ids.length / maxImages) }, (_, part) =>
      ids.slice(part * maxImages, (part + 1) * maxImages),
    );
    return (await Promise.all(parts.map((part) => api.datasets.getImages({ ids: part })))).flat();
  }
  const portions = (pages: readonly number[]): number[][] =>
    Array.from({ length: Math.ceil(pages.length / atOnce) }, (_, k) =>
      pages.slice(k * atOnce, (k + 1) * atOnce),
    );
  const pagesOf = (first: number, last: number): number[] => {
    const from = Math.floor(Math.max(0, first) / page);
    return Array.from({ length: Math.floor(Math.max(0, last) / page) - from + 1 }, (_, k) => from + k);
  };

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (thrown) {
      failure.value = failureOf(thrown);
      return null;
    }
  }

  /** Reads some pages, and the photos of theirs that are not known. */
  async function readSome(pages: readonly number[], known: ReadonlyMap<number, unknown>) {
    const answers = await Promise.all(pages.map(readPage));
    const found = answers.flatMap(({ findings }) => findings);
    return { answers, images: await readPhotos(found, known) };
  }

  /** Reads what is in view anew; the old stays in view until the new is there. */
  async function refresh(): Promise<void> {
    if (check.value === null) return;
    const signal = readings.begin();
    const info = checks.list.find(({ id }) => id === check.value);
    await attempt(async () => {
      const pages = pagesOf(shown.first, shown.last);
      const answers: { total: number; findings: Finding[] }[] = [];
      const images = new Map<number, DatasetImage>();
      for (const some of portions(pages)) {
        const read = await readSome(some, images);
        if (signal.aborted) return;
        answers.push(...read.answers);
        for (const image of read.images) images.set(image.id, image);
      }
      asked.clear();
      const next = new Array<Finding | undefined>(answers[0].total).fill(undefined);
      pages.forEach((at, k) => {
        asked.add(at);
        answers[k].findings.forEach((finding, place) => (next[at * page + place] = finding));
      });
      total.value = next.length;
      rows.value = next;
      photos.value = images;
      if (info?.status === 'fresh') mended.value = new Set();
      listed.value = true;
    });
  }

  /** Reads the pages that are asked for; those that do not come may be asked for again. */
  async function readMissing(missing: readonly number[]): Promise<void> {
    for (const at of missing) asked.add(at);
    const { signal } = readings;
    await attempt(async () => {
      for (const some of portions(missing)) {
        const { answers, images } = await readSome(some, photos.value);
        if (signal.aborted) return;
        const next = [...rows.value];
        some.forEach((at, k) =>
          answers[k].findings.forEach((finding, place) => (next[at * page + place] = finding)),
        );
        rows.value = next;
        photos.value = new Map([...photos.value, ...images.map((image) => [image.id, image] as const)]);
      }
    });
    for (const at of missing) if (rows.value[at * page] === undefined) asked.delete(at);
  }

  /** Makes sure that the findings from `first` to `last` are there. @returns whether they are */
  async function want(first: number, last: number): Promise<boolean> {
    shown = { first, last: Math.max(first, Math.min(last, total.value - 1)) };
    const missing = pagesOf(shown.first, shown.last).filter((at) => !asked.has(at));
    if (!listed.value) return false;
    if (missing.length > 0) {
      const reading = readMissing(missing).finally(() => onTheirWay.delete(reading));
      onTheirWay.add(reading);
    }
    await Promise.all(onTheirWay);
    return !rows.value.slice(first, last + 1).includes(undefined);
  }

  /** Shows the findings of a check. */
  async function open(id: string, aside = false): Promise<void> {
    readings.cancel();
    check.value = id;
    dismissed.value = aside;
    shown = { first: 0, last: page - 1 };
    total.value = 0;
    rows.value = [];
    listed.value = false;
    mended.value = new Set();
    failure.value = null;
    preview.value = null;
    await refresh();
  }
  function close(): void {
    readings.cancel();
    check.value = null;
  }
  // The check ran again, or something was edited.
  watch(
    () => checks.version,
    () => void refresh(),
  );

  /** Finds out what the fix would do; null: nothing is aimed at. */
  async function makePreview(target: FixTarget | null): Promise<void> {
    const signal = previews.begin();
    preview.value = target === null ? nothing : null;
    if (target === null) return;
    try {
      const answer = await api.checks.previewFix(requestOf(target));
      if (!signal.aborted) preview.value = { edit: answer.edit?.kind ?? null, preview: answer.preview };
    } catch {
      // The findings were replaced by those of a new run meanwhile: with them comes the next preview.
      if (!signal.aborted) preview.value = nothing;
    }
  }

  async function edit(work: () => Promise<AppliedEdit>): Promise<AppliedEdit | null> {
    failure.value = null;
    working.value = true;
    const applied = await attempt(work);
    working.value = false;
    return applied;
  }

  /** Does the fix, as one edit. */
  async function applyFix(target: FixTarget): Promise<AppliedEdit | null> {
    const applied = await edit(() => api.checks.applyFix(requestOf(target)));
    if (applied?.entry == null) return applied;
    const meant = 'check' in target ? null : new Set(target.findings);
    const keys = rows.value.flatMap((row) =>
      row !== undefined && (meant === null || meant.has(row.id)) ? [row.key] : [],
    );
    mended.value = new Set([...mended.value, ...keys]);
    if (check.value !== null) checks.expect(check.value);
    return applied;
  }
  /** Puts findings aside, or brings them back. */
  function dismiss(keys: readonly string[], aside: boolean): Promise<AppliedEdit | null> {
    return edit(() => api.labels.apply({ kind: 'dismiss', keys: [...keys], dismissed: aside }));
  }

  /** Takes an edit back, as long as it is the last one; why that failed is in `failure`. */
  async function undo(entry: number, of: string): Promise<'done' | 'edited since' | 'failed'> {
    failure.value = null;
    const state = await attempt(() => api.labels.journalState());
    if (state === null) return 'failed';
    if (state.undo?.id !== entry) return 'edited since';
    if ((await edit(() => api.labels.undo())) === null) return 'failed';
    mended.value = new Set();
    checks.expect(of);
    return 'done';
  }

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
    mended,
    failure,
    preview,
    working,
    open,
    close,
    want,
    makePreview,
    applyFix,
    dismiss,
    undo,
    dismissFailure,
  };
});

function requestOf(target: FixTarget): { findings?: number[]; check?: string } {
  return 'check' in target ? { check: target.check } : { findings: [...target.findings] };
}
