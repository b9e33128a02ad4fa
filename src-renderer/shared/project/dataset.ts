/**
 * The images of the open project: counts, the filtered list, and details of the ones in view. What is shown is what the
 * services confirmed, with the edits on top that are still on their way to them.
 */
import { defineStore } from 'pinia';
import type { AppliedEdit, Change, SplitFractions } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { same, useDatasetReading } from './dataset-reading.ts';
import { useDatasetView } from './dataset-view.ts';
import { listMustBeAsked } from './photo-changes.ts';
import { usePhotoDetails } from './photo-details.ts';
import type { SplitOptions } from './split-options.ts';

export const useDatasetStore = defineStore('dataset', () => {
  const view = useDatasetView();
  const reading = useDatasetReading(view, () => photos.askAnew());
  const photos = usePhotoDetails(view, () => reading.readings.signal);
  const { summary, filter, ids, details, expectChanges, forget } = view;
  const { quarantine, sort, listed, refresh, setFilter, relist, reorder } = reading;

  /** Takes over what an edit changed. @param guess what was expected of it */
  function take({ entry, changes, journal }: AppliedEdit, guess?: readonly Change[]): void {
    if (guess !== undefined) view.settle(guess);
    // Usually the result is already visible: nothing needs to be drawn again.
    const foreseen = guess !== undefined && same(guess, changes);
    const { revision } = view.confirmed();
    const news = entry !== null && journal.revision > revision;
    if (news) {
      view.confirmEdit(changes, journal.revision);
      readAfter(changes, journal.revision > revision + 1);
    }
    if (!foreseen && (news || guess !== undefined)) view.show();
  }
  /** Reads what cannot be computed from the changes of an edit. @param missed whether edits before it are not known */
  function readAfter(changes: readonly Change[], missed: boolean): void {
    if (missed || changes.some(({ type }) => type === 'dismissal')) return reading.readAgain();
    if (listMustBeAsked(changes, filter.value, sort.value)) reading.listAgain();
    reading.recount();
  }

  /** Draws a split that keeps together what belongs together. @throws AppError */
  async function makeSplit(fractions: SplitFractions, seed: number, options: SplitOptions): Promise<void> {
    const { applied, summary: counted } = await api.labels.makeSplit({ fractions, seed, ...options });
    take(applied);
    view.confirm({ summary: counted });
  }

  function reset(): void {
    reading.reset();
    photos.askAnew();
    view.reset();
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
    relist,
    reorder,
    expectChanges,
    forget,
    take,
    want: photos.want,
    imagesOf: photos.imagesOf,
    makeSplit,
    reset,
  };
});
