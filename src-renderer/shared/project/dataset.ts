/**
 * The images of the open project: counts, the filtered list, and details of the ones in view. What is shown is what the
 * services confirmed, with the edits on top that are still on their way to them.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type {
  AppliedEdit,
  Change,
  DatasetImage,
  DatasetSummary,
  ImageFilter,
  PhotoSort,
  QuarantinedFile,
  SplitFractions,
} from '../../../src-main/contract/app/index.ts';
import { unpackIds } from '../../../src-main/contract/shared/id-ranges.ts';
import { api } from '../../client/index.ts';
import { coalesce } from '../composables/coalesce.ts';
import { useLatest } from '../composables/latest.ts';
import { listAfter, listMustBeAsked, photosAfter, reordered } from './photo-changes.ts';
import type { SplitOptions } from './split-options.ts';
import { summaryAfter } from './summary-changes.ts';

/** Details are asked for in runs of this many neighbours. */
const chunk = 200;
/** Details kept; beyond it the oldest are forgotten, so that scrolling through 100,000 images stays flat. */
const keep = 6000;

/** Compares what came over the wire. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The order photos were added in. */
export const plainSort: PhotoSort = { by: 'added', descending: false };

export const useDatasetStore = defineStore('dataset', () => {
  const summary = shallowRef<DatasetSummary | null>(null);
  const quarantine = shallowRef<QuarantinedFile[]>([]);
  const filter = ref<ImageFilter>({});
  const sort = ref<PhotoSort>(plainSort);
  const ids = shallowRef<number[]>([]);
  const listed = ref(false);
  /** Replaced as a whole: a reactive map would keep a record of each of 100,000 keys for ever. */
  const details = shallowRef(new Map<number, DatasetImage>());
  const asked = new Set<number>();
  /** Every time all is read anew; answers about an older state are dropped. */
  const readings = useLatest();
  /** The same for lists alone. */
  const listings = useLatest();

  /** As the services told it, without the edits on their way. */
  let told = {
    summary: null as DatasetSummary | null,
    ids: [] as number[],
    details: details.value,
    revision: 0,
  };
  /** The edits on their way, oldest first. */
  const expected: (readonly Change[])[] = [];

  function show(): void {
    const changes = expected.flat();
    summary.value = told.summary && summaryAfter(told.summary, told.details, changes);
    details.value = photosAfter(told.details, changes);
    ids.value = listAfter(told.ids, changes, filter.value);
  }

  const listNow = () => api.labels.list({ filter: filter.value, sort: sort.value });

  async function refresh(): Promise<void> {
    const signal = readings.begin();
    const listSignal = listings.begin();
    const [nextSummary, nextQuarantine, list] = await Promise.all([
      api.datasets.summary(),
      api.datasets.quarantine(),
      listNow(),
    ]);
    if (signal.aborted) return;
    quarantine.value = nextQuarantine;
    // What is known stays in view until it is told anew.
    asked.clear();
    told = { ...told, summary: nextSummary, revision: list.revision };
    // Another filter or order may have been chosen meanwhile: its list is newer than this one.
    if (!listSignal.aborted) told.ids = Array.from(unpackIds(list.ids));
    listed.value = true;
    show();
  }

  async function relist(arrange = (next: number[]): number[] => next): Promise<void> {
    const signal = listings.begin();
    const list = await listNow();
    if (signal.aborted) return;
    told.ids = arrange(Array.from(unpackIds(list.ids)));
    show();
  }
  /** Asks for the order anew, in which only photos after the current one may move. */
  const reorder = (current: () => number | null): Promise<void> =>
    relist((next) => reordered(told.ids, next, current()));
  const recount = coalesce(async () => {
    const { signal } = readings;
    const next = await api.datasets.summary();
    if (signal.aborted || same(next, told.summary)) return;
    told.summary = next;
    show();
  });
  const listAgain = coalesce(() => relist());
  const readAgain = coalesce(refresh);

  /** Shows the images that fit, in the order asked for. */
  async function setFilter(next: ImageFilter, order: PhotoSort = sort.value): Promise<void> {
    filter.value = next;
    sort.value = order;
    await relist();
  }

  /** Shows changes that are on their way. @returns what to give to `take` or `forget` later */
  function expectChanges(changes: readonly Change[]): readonly Change[] {
    expected.push(changes);
    if (changes.length > 0) show();
    return changes;
  }

  function drop(changes: readonly Change[]): void {
    const at = expected.indexOf(changes);
    if (at >= 0) expected.splice(at, 1);
  }

  /** Takes expected changes back: they could not be made. */
  function forget(changes: readonly Change[]): void {
    drop(changes);
    show();
  }

  /** Takes over what an edit changed. @param guess what was expected of it */
  function take({ entry, changes, journal }: AppliedEdit, guess?: readonly Change[]): void {
    if (guess !== undefined) drop(guess);
    // Usually what is shown already is what came of it: nothing needs to be drawn again.
    const foreseen = guess !== undefined && same(guess, changes);
    const news = entry !== null && journal.revision > told.revision;
    if (news) {
      const missed = journal.revision > told.revision + 1;
      told = {
        summary: told.summary && summaryAfter(told.summary, told.details, changes),
        details: photosAfter(told.details, changes),
        ids: listAfter(told.ids, changes, filter.value),
        revision: journal.revision,
      };
      if (missed || changes.some(({ type }) => type === 'dismissal')) readAgain();
      else {
        if (listMustBeAsked(changes, filter.value, sort.value)) listAgain();
        recount();
      }
    }
    if (!foreseen && (news || guess !== undefined)) show();
  }

  /** Makes sure that the details of the images from `first` to `last` (places in the list) are on their way. */
  async function want(first: number, last: number): Promise<void> {
    const from = Math.max(0, Math.floor(first / chunk) * chunk);
    const missing = ids.value
      .slice(from, Math.ceil((last + 1) / chunk) * chunk)
      .filter((id) => !asked.has(id));
    if (missing.length === 0) return;
    for (const id of missing) asked.add(id);
    const { signal } = readings;
    for (let at = 0; at < missing.length; at += 1000) {
      const some = missing.slice(at, at + 1000);
      const images = await api.datasets.getImages({ ids: some }).catch((error: unknown) => {
        // Asked for again when they come into view the next time.
        for (const id of missing.slice(at)) asked.delete(id);
        throw error;
      });
      if (signal.aborted) return;
      learn(images);
    }
  }

  function learn(images: readonly DatasetImage[]): void {
    const next = new Map(told.details);
    for (const image of images) {
      // The newest come last, the oldest are forgotten first.
      next.delete(image.id);
      next.set(image.id, image);
    }
    for (const id of next.keys()) {
      if (next.size <= keep) break;
      next.delete(id);
      asked.delete(id);
    }
    told.details = next;
    details.value = photosAfter(next, expected.flat());
  }

  /** Photos by id, asked for where they are not known. */
  async function imagesOf(wanted: readonly number[]): Promise<DatasetImage[]> {
    const missing = wanted.filter((id) => !details.value.has(id));
    const found = new Map<number, DatasetImage>();
    for (let at = 0; at < missing.length; at += 1000) {
      const images = await api.datasets.getImages({ ids: missing.slice(at, at + 1000) });
      for (const image of images) found.set(image.id, image);
    }
    return wanted.flatMap((id) => details.value.get(id) ?? found.get(id) ?? []);
  }

  /** Draws a split that keeps together what belongs together. */
  async function makeSplit(fractions: SplitFractions, seed: number, options: SplitOptions): Promise<void> {
    const { applied, summary: counted } = await api.labels.makeSplit({ fractions, seed, ...options });
    take(applied);
    told.summary = counted;
    show();
  }

  function reset(): void {
    readings.cancel();
    listings.cancel();
    expected.length = 0;
    quarantine.value = [];
    filter.value = {};
    sort.value = plainSort;
    listed.value = false;
    asked.clear();
    told = { summary: null, ids: [], details: new Map(), revision: 0 };
    show();
  }

  return {
    summary,
    quarantine,
    filter,
    sort,
    ids,
    listed,
    details,
    refresh,
    setFilter,
    relist: () => relist(),
    reorder,
    expectChanges,
    forget,
    take,
    want,
    imagesOf,
    makeSplit,
    reset,
  };
});
