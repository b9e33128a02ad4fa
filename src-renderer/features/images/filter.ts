/** What of the photos is shown, and in which order: changed here, kept as views. */
import { ref, shallowRef, watch } from 'vue';
import type { ErrorData, ImageFilter, PhotoSort, SavedView } from '../../../src-main/contract/app/index.ts';
import { tidyFilter } from './text.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useLabelsStore } from '../labelling/index.ts';

/** Milliseconds without a key after which the list is asked for. */
const rest = 150;

/** Holds the filter as it is typed; what fails is in `failure`. */
export function useImagesFilter() {
  const dataset = useDatasetStore();
  const labels = useLabelsStore();
  const filter = ref<ImageFilter>(dataset.filter);
  const failure = shallowRef<ErrorData | null>(null);
  watch(
    () => dataset.filter,
    (next) => (filter.value = next),
  );

  const report = (thrown: unknown): void => void (failure.value = failureOf(thrown));
  function attempt(work: Promise<unknown>): void {
    failure.value = null;
    work.catch(report);
  }

  let typing: ReturnType<typeof setTimeout> | undefined;
  function change(next: ImageFilter, sort: PhotoSort = dataset.sort): void {
    const wait = next.text === filter.value.text ? 0 : rest;
    filter.value = tidyFilter(next);
    clearTimeout(typing);
    typing = setTimeout(() => attempt(dataset.setFilter(filter.value, sort)), wait);
  }

  return {
    filter,
    failure,
    report,
    change,
    applyView: (view: SavedView) => change(view.filter, view.sort),
    saveView: (name: string) => attempt(labels.saveView(name, tidyFilter(dataset.filter), dataset.sort)),
    removeView: (id: number) => attempt(labels.removeView(id)),
  };
}
