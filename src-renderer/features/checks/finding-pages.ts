/** Findings in pages, with their photos: the pages in view are read, the others are missing. */
import { ref, shallowRef } from 'vue';
import type { DatasetImage, Finding } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';

/** Findings in one request. */
const page = 100;
/** Pages that are read at a time: all findings of a large project at once would hold up everything else. */
const atOnce = 4;
/** Photos of a finding whose class and split are read. */
const maxPhotos = 24;
/** Photos in one request. */
const maxImages = 2000;

/** A page of findings. */
interface Page {
  readonly total: number;
  readonly findings: Finding[];
}

/** Splits a list into parts of at most `size`. */
function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, k) =>
    list.slice(k * size, (k + 1) * size),
  );
}

/** The pages with the findings from `first` to `last`. */
function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / page);
  return Array.from({ length: Math.floor(Math.max(0, last) / page) - from + 1 }, (_, k) => from + k);
}

async function readPhotos(
  findings: readonly Finding[],
  known: ReadonlyMap<number, unknown>,
): Promise<DatasetImage[]> {
  const wanted = new Set(findings.flatMap(({ sample }) => sample.slice(0, maxPhotos)));
  const ids = [...wanted].filter((id) => !known.has(id));
  const images = await Promise.all(
    parts(ids, maxImages).map((some) => api.datasets.getImages({ ids: some })),
  );
  return images.flat();
}

/** Reads some pages, and those of their photos that are not known. */
async function readPages(
  of: { check: string; dismissed: boolean },
  pages: readonly number[],
  known: ReadonlyMap<number, unknown>,
): Promise<{ answers: Page[]; images: DatasetImage[] }> {
  const answers = await Promise.all(
    pages.map((at) => api.checks.findings({ ...of, offset: at * page, limit: page })),
  );
  const found = answers.flatMap(({ findings }) => findings);
  return { answers, images: await readPhotos(found, known) };
}

/** Puts the findings of pages where they belong in a list. */
function place(into: (Finding | undefined)[], pages: readonly number[], answers: readonly Page[]): void {
  pages.forEach((at, k) =>
    answers[k].findings.forEach((finding, offset) => (into[at * page + offset] = finding)),
  );
}

/** Makes the list of findings of one check. @param attempt runs a request and reports its failure */
export function useFindingPages(attempt: <T>(work: () => Promise<T>) => Promise<T | null>) {
  const check = ref<string | null>(null);
  /** Whether the dismissed findings are shown instead. */
  const dismissed = ref(false);
  const total = ref(0);
  /** In their order; those not read yet are missing. */
  const rows = shallowRef<readonly (Finding | undefined)[]>([]);
  const photos = shallowRef<ReadonlyMap<number, DatasetImage>>(new Map());
  const listed = ref(false);

  const readings = useLatest();
  let shown = { first: 0, last: page - 1 };
  const asked = new Set<number>();
  const onTheirWay = new Set<Promise<void>>();
  const of = () => ({ check: check.value ?? '', dismissed: dismissed.value });

  /** Reads what is in view again; the old stays visible until the new is there. @param onRead runs with it */
  async function refresh(onRead: () => void): Promise<void> {
    if (check.value === null) return;
    const signal = readings.begin();
    await attempt(async () => {
      const pages = pagesOf(shown.first, shown.last);
      const answers: Page[] = [];
      const images = new Map<number, DatasetImage>();
      for (const some of parts(pages, atOnce)) {
        const read = await readPages(of(), some, images);
        if (signal.aborted) return;
        answers.push(...read.answers);
        for (const image of read.images) images.set(image.id, image);
      }
      asked.clear();
      for (const at of pages) asked.add(at);
      const next = new Array<Finding | undefined>(answers[0].total).fill(undefined);
      place(next, pages, answers);
      total.value = next.length;
      rows.value = next;
      photos.value = images;
      listed.value = true;
      onRead();
    });
  }

  /** Reads the pages that are asked for; those that do not arrive may be asked for again. */
  async function readMissing(missing: readonly number[]): Promise<void> {
    for (const at of missing) asked.add(at);
    const { signal } = readings;
    await attempt(async () => {
      for (const some of parts(missing, atOnce)) {
        const { answers, images } = await readPages(of(), some, photos.value);
        if (signal.aborted) return;
        const next = [...rows.value];
        place(next, some, answers);
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

  /** Empties the list for a check; `refresh` fills it. @param onlyDismissed true: its dismissed findings */
  function turnTo(id: string | null, onlyDismissed = false): void {
    readings.cancel();
    check.value = id;
    if (id === null) return;
    dismissed.value = onlyDismissed;
    shown = { first: 0, last: page - 1 };
    total.value = 0;
    rows.value = [];
    listed.value = false;
  }

  return { check, dismissed, total, rows, photos, listed, refresh, want, turnTo };
}
