/** Filters and orders that are saved under a name. */
import { shallowRef } from 'vue';
import type { ImageFilter, PhotoSort, SavedView } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';

/** Makes the list of views. */
export function useSavedViews() {
  const views = shallowRef<SavedView[]>([]);
  /** Another project makes the answers about the one before stale. */
  const opened = useLatest();

  async function show(request: Promise<SavedView[]>): Promise<void> {
    const { signal } = opened;
    const saved = await request;
    if (!signal.aborted) views.value = saved;
  }

  /** Reads the views. @throws AppError */
  const load = (): Promise<void> => show(api.labels.views());
  /** Saves a view. @throws AppError */
  const saveView = (name: string, filter: ImageFilter, sort: PhotoSort): Promise<void> =>
    show(api.labels.saveView({ name, filter, sort }));
  /** Removes a view. @throws AppError */
  const removeView = (id: number): Promise<void> => show(api.labels.removeView({ id }));

  function reset(): void {
    opened.cancel();
    views.value = [];
  }
  return { views, load, saveView, removeView, reset };
}
