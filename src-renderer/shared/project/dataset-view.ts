/** What the page shows of the dataset: what the services confirmed, with the edits on top that are still on their way. */
import { ref, shallowRef } from 'vue';
import type {
  Change,
  DatasetImage,
  DatasetSummary,
  ImageFilter,
} from '../../../src-main/contract/app/index.ts';
import { listAfter, photosAfter } from './photo-changes.ts';
import { summaryAfter } from './summary-changes.ts';

/** The dataset as the services reported it. */
interface Confirmed {
  readonly summary: DatasetSummary | null;
  /** The ids that fit the filter, in the chosen order. */
  readonly ids: number[];
  readonly details: Map<number, DatasetImage>;
  /** Number of the last edit in it. */
  readonly revision: number;
}

const nothing = (): Confirmed => ({ summary: null, ids: [], details: new Map(), revision: 0 });

/** Makes the view of a dataset. */
export function useDatasetView() {
  const summary = shallowRef<DatasetSummary | null>(null);
  const filter = ref<ImageFilter>({});
  const ids = shallowRef<number[]>([]);
  /** Replaced as a whole: a reactive map would keep a record of each of 100,000 keys for ever. */
  const details = shallowRef(new Map<number, DatasetImage>());

  let confirmed = nothing();
  /** The edits on their way, oldest first. */
  const expected: (readonly Change[])[] = [];

  function show(): void {
    const changes = expected.flat();
    summary.value = confirmed.summary && summaryAfter(confirmed.summary, confirmed.details, changes);
    details.value = photosAfter(confirmed.details, changes);
    ids.value = listAfter(confirmed.ids, changes, filter.value);
  }

  /** Takes over news from the services. */
  function confirm(news: Partial<Confirmed>): void {
    confirmed = { ...confirmed, ...news };
    show();
  }
  /** Takes over details alone, without counting again. */
  function confirmDetails(next: Map<number, DatasetImage>): void {
    confirmed = { ...confirmed, details: next };
    details.value = photosAfter(next, expected.flat());
  }
  /** The confirmed dataset after an edit. */
  function confirmEdit(changes: readonly Change[], revision: number): void {
    confirmed = {
      summary: confirmed.summary && summaryAfter(confirmed.summary, confirmed.details, changes),
      details: photosAfter(confirmed.details, changes),
      ids: listAfter(confirmed.ids, changes, filter.value),
      revision,
    };
  }

  /** Shows changes that are on their way. @returns what to give to `settle` or `forget` later */
  function expectChanges(changes: readonly Change[]): readonly Change[] {
    expected.push(changes);
    if (changes.length > 0) show();
    return changes;
  }
  /** The changes are no longer on their way. What is visible stays until `show`. */
  function settle(changes: readonly Change[]): void {
    const at = expected.indexOf(changes);
    if (at >= 0) expected.splice(at, 1);
  }
  /** Takes expected changes back: they could not be made. */
  function forget(changes: readonly Change[]): void {
    settle(changes);
    show();
  }

  function reset(): void {
    expected.length = 0;
    filter.value = {};
    confirmed = nothing();
    show();
  }

  return {
    summary,
    filter,
    ids,
    details,
    confirmed: () => confirmed,
    show,
    confirm,
    confirmDetails,
    confirmEdit,
    expectChanges,
    settle,
    forget,
    reset,
  };
}

/** The view of a dataset, as `useDatasetView` makes it. */
export type DatasetView = ReturnType<typeof useDatasetView>;
