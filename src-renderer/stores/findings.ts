/** What one check found: the findings in pages, their photos, and what a fix would do to them. */
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type {
  AppliedEdit,
  DatasetImage,
  EditPreview,
  ErrorData,
  Finding,
} from '../../src-main/contract/index.ts';
import { api } from '../client/index.ts';
import { useChecksStore } from './checks.ts';
import { failureOf } from './failures.ts';

/** Findings that are asked for together. */
const page = 100;
/** Photos of a finding whose class and split are read. */
const looked = 24;
/** Photos that can be asked for in one request. */
const mostImages = 2000;

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

  let generation = 0;
  let previewing = 0;
  let shown = { first: 0, last: page - 1 };
  const asked = new Set<number>();

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
    const parts = Array.from({ length: Math.ceil(ids.length / mostImages) }, (_, part) =>
      ids.slice(part * mostImages, (part + 1) * mostImages),
    );
    return (await Promise.all(parts.map((part) => api.datasets.getImages({ ids: part })))).flat();
  }
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

  /** Reads what is in view anew; the old stays in view until the new is there. */
  async function refresh(): Promise<void> {
    if (check.value === null) return;
    const mine = ++generation;
    const info = checks.list.find(({ id }) => id === check.value);
    await attempt(async () => {
      const pages = pagesOf(shown.first, shown.last);
      const answers = await Promise.all(pages.map(readPage));
      const found = answers.flatMap(({ findings }) => findings);
      const images = await readPhotos(found, new Map());
      if (mine !== generation) return;
      asked.clear();
      const next = new Array<Finding | undefined>(answers[0].total).fill(undefined);
      pages.forEach((at, k) => {
        asked.add(at);
        answers[k].findings.forEach((finding, place) => (next[at * page + place] = finding));
      });
      total.value = next.length;
      rows.value = next;
      photos.value = new Map(images.map((image) => [image.id, image]));
      if (info?.status === 'fresh') mended.value = new Set();
      listed.value = true;
    });
  }

  /** Makes sure that the findings from `first` to `last` are there. */
  async function want(first: number, last: number): Promise<void> {
    shown = { first, last: Math.max(first, Math.min(last, total.value - 1)) };
    const missing = pagesOf(shown.first, shown.last).filter((at) => !asked.has(at));
    if (missing.length === 0 || !listed.value) return;
    for (const at of missing) asked.add(at);
    const mine = generation;
    await attempt(async () => {
      const answers = await Promise.all(missing.map(readPage));
      const found = answers.flatMap(({ findings }) => findings);
      const images = await readPhotos(found, photos.value);
      if (mine !== generation) return;
      const next = [...rows.value];
      missing.forEach((at, k) =>
        answers[k].findings.forEach((finding, place) => (next[at * page + place] = finding)),
      );
      rows.value = next;
      photos.value = new Map([...photos.value, ...images.map((image) => [image.id, image] as const)]);
    });
  }

  /** Shows the findings of a check. */
  async function open(id: string, aside = false): Promise<void> {
    generation++;
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
    generation++;
    check.value = null;
  }
  // The check ran again, or something was edited.
  watch(
    () => checks.version,
    () => void refresh(),
  );

  /** Finds out what the fix would do; null: nothing is aimed at. */
  async function makePreview(target: FixTarget | null): Promise<void> {
    const mine = ++previewing;
    preview.value = target === null ? nothing : null;
    if (target === null) return;
    try {
      const answer = await api.checks.previewFix(requestOf(target));
      if (mine === previewing) preview.value = { edit: answer.edit?.kind ?? null, preview: answer.preview };
    } catch {
      // The findings were replaced by those of a new run meanwhile: with them comes the next preview.
      if (mine === previewing) preview.value = nothing;
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
    const keys = rows.value.flatMap((row) =>
      row !== undefined && ('check' in target || target.findings.includes(row.id)) ? [row.key] : [],
    );
    mended.value = new Set([...mended.value, ...keys]);
    if (check.value !== null) checks.expect(check.value);
    return applied;
  }
  /** Puts findings aside, or brings them back. */
  function dismiss(keys: readonly string[], aside: boolean): Promise<AppliedEdit | null> {
    return edit(() => api.labels.apply({ kind: 'dismiss', keys: [...keys], dismissed: aside }));
  }

  /** Takes an edit back, as long as it is the last one. @returns false when something was edited since */
  async function undo(entry: number, of: string): Promise<boolean> {
    const { undo: last } = await api.labels.journalState();
    if (last?.id !== entry) return false;
    const undone = await edit(() => api.labels.undo());
    mended.value = new Set();
    checks.expect(of);
    return undone !== null;
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
