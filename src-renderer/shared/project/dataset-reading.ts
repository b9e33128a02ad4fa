/** Reads the dataset: counts, files in quarantine, and the list of ids that fit the filter, in the chosen order. */
import { ref, shallowRef } from 'vue';
import type { ImageFilter, PhotoSort, QuarantinedFile } from '../../../src-main/contract/app/index.ts';
import { unpackIds } from '../../../src-main/contract/shared/id-ranges.ts';
import { api } from '../../client/index.ts';
import { coalesce } from '../composables/coalesce.ts';
import { useLatest } from '../composables/latest.ts';
import type { DatasetView } from './dataset-view.ts';
import { reordered } from './photo-changes.ts';

/** The order in which photos were added. */
const plainSort: PhotoSort = { by: 'added', descending: false };

/** Compares what came over the wire. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Makes the reader of a view.
 * @param onRead is called when the whole dataset was read
 */
export function useDatasetReading(view: DatasetView, onRead: () => void) {
  const quarantine = shallowRef<QuarantinedFile[]>([]);
  const sort = ref<PhotoSort>(plainSort);
  const listed = ref(false);
  /** Every time the whole dataset is read; answers about an older state are dropped. */
  const readings = useLatest();
  /** The same for lists alone. */
  const listings = useLatest();

  const listNow = () => api.labels.list({ filter: view.filter.value, sort: sort.value });

  /** Reads the whole dataset. What is known stays visible until the answer is there. @throws AppError */
  async function refresh(): Promise<void> {
    const signal = readings.begin();
    const listSignal = listings.begin();
    const [summary, nextQuarantine, list] = await Promise.all([
      api.datasets.summary(),
      api.datasets.quarantine(),
      listNow(),
    ]);
    if (signal.aborted) return;
    quarantine.value = nextQuarantine;
    onRead();
    // Another filter or order may have been chosen meanwhile: its list is newer than this one.
    const ids = listSignal.aborted ? view.confirmed().ids : Array.from(unpackIds(list.ids));
    listed.value = true;
    view.confirm({ summary, ids, revision: list.revision });
  }

  async function relist(arrange = (next: number[]): number[] => next): Promise<void> {
    const signal = listings.begin();
    const list = await listNow();
    if (!signal.aborted) view.confirm({ ids: arrange(Array.from(unpackIds(list.ids))) });
  }
  /** Reads the order again, in which only photos after the current one may move. @throws AppError */
  const reorder = (current: () => number | null): Promise<void> =>
    relist((next) => reordered(view.confirmed().ids, next, current()));

  const recount = coalesce(async () => {
    const { signal } = readings;
    const summary = await api.datasets.summary();
    if (!signal.aborted && !same(summary, view.confirmed().summary)) view.confirm({ summary });
  });

  /** Shows the images that fit, in this order. @throws AppError */
  async function setFilter(next: ImageFilter, order: PhotoSort = sort.value): Promise<void> {
    view.filter.value = next;
    sort.value = order;
    await relist();
  }

  function reset(): void {
    readings.cancel();
    listings.cancel();
    quarantine.value = [];
    sort.value = plainSort;
    listed.value = false;
  }

  return {
    quarantine,
    sort,
    listed,
    readings,
    refresh,
    relist: () => relist(),
    reorder,
    recount,
    listAgain: coalesce(() => relist()),
    readAgain: coalesce(refresh),
    setFilter,
    reset,
  };
}
