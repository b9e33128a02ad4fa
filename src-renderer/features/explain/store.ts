/** Which network and which photos are explained; shared by all tabs of Explain. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { FileSource } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { useChosenModel } from './chosen-model.ts';
import { useDatasetPhotos } from './dataset-photos.ts';
import { useTakenFiles } from './taken-files.ts';
import type { PhotoChoice } from './text.ts';

export const useExplainStore = defineStore('explain', () => {
  /** Stale once another project is opened. */
  const opened = useLatest();
  const models = useChosenModel();
  const dataset = useDatasetPhotos();
  const files = useTakenFiles(opened);

  const photo = shallowRef<PhotoChoice | null>(null);
  const second = shallowRef<PhotoChoice | null>(null);
  /** Images of the dataset to choose from. */
  const offers = shallowRef<PhotoChoice[]>([]);

  async function chooseImage(image: number): Promise<void> {
    const { signal } = opened;
    const found = await dataset.photoOf(image);
    if (!signal.aborted) photo.value = found;
  }

  /** Draws other images of the dataset to choose from. */
  async function drawOffers(): Promise<void> {
    const { signal } = opened;
    const found = await dataset.drawPhotos();
    if (signal.aborted) return;
    offers.value = found;
    if (photo.value === null && found.length > 0) photo.value = found[0];
  }

  /** Takes a photo to explain. @see useTakenFiles */
  const takePhoto = (source: FileSource, sent: boolean, bytes = false): Promise<void> =>
    files.takePhoto(source, sent, bytes, photo);
  /** Takes a photo to compare the first with. */
  const takeSecond = (source: FileSource, bytes = false): Promise<void> =>
    files.takePhoto(source, true, bytes, second);
  const takeModel = (source: FileSource): Promise<void> => files.takeModel(source, models.chosen);

  /** Forgets what belongs to the project that was open. */
  function reset(): void {
    opened.cancel();
    files.bringing.value = false;
    files.failure.value = null;
    models.chosen.value = null;
    photo.value = null;
    second.value = null;
    offers.value = [];
  }

  return {
    ...models,
    photo,
    second,
    offers,
    bringing: files.bringing,
    failure: files.failure,
    chooseImage,
    drawOffers,
    takePhoto,
    takeSecond,
    takeModel,
    reset,
  };
});
