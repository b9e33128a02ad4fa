/** Details of the photos in view, read in runs of neighbours; the oldest are forgotten. */
import type { DatasetImage } from '../../../src-main/contract/app/index.ts';
import { api } from '../../client/index.ts';
import type { DatasetView } from './dataset-view.ts';

/** Details are read in runs of this many neighbours. */
const chunk = 200;
/** Details kept; beyond it the oldest are forgotten, so that scrolling through 100,000 images stays flat. */
const keep = 6000;
/** Photos in one request. */
const maxImages = 1000;

/**
 * Makes the reader of details.
 * @param present gives a signal that is aborted when the dataset is read again
 */
export function usePhotoDetails(view: DatasetView, present: () => AbortSignal) {
  const asked = new Set<number>();

  /** Makes sure that the details of the images from `first` to `last` (places in the list) are on their way. */
  async function want(first: number, last: number): Promise<void> {
    const from = Math.max(0, Math.floor(first / chunk) * chunk);
    const missing = view.ids.value
      .slice(from, Math.ceil((last + 1) / chunk) * chunk)
      .filter((id) => !asked.has(id));
    if (missing.length === 0) return;
    for (const id of missing) asked.add(id);
    const signal = present();
    for (let at = 0; at < missing.length; at += maxImages) {
      const images = await api.datasets
        .getImages({ ids: missing.slice(at, at + maxImages) })
        .catch((error: unknown) => {
          // They are asked for again when they come into view the next time.
          for (const id of missing.slice(at)) asked.delete(id);
          throw error;
        });
      if (signal.aborted) return;
      learn(images);
    }
  }

  function learn(images: readonly DatasetImage[]): void {
    const next = new Map(view.confirmed().details);
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
    view.confirmDetails(next);
  }

  /** Photos by id, read where they are not known. @throws AppError */
  async function imagesOf(wanted: readonly number[]): Promise<DatasetImage[]> {
    const { details } = view;
    const missing = wanted.filter((id) => !details.value.has(id));
    const found = new Map<number, DatasetImage>();
    for (let at = 0; at < missing.length; at += maxImages) {
      const images = await api.datasets.getImages({ ids: missing.slice(at, at + maxImages) });
      for (const image of images) found.set(image.id, image);
    }
    return wanted.flatMap((id) => details.value.get(id) ?? found.get(id) ?? []);
  }

  return { want, imagesOf, askAnew: () => asked.clear() };
}
