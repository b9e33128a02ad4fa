/** Predictions made on the Use screen, newest first. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { throwIfCancelled } from '../../../src-main/contract/shared/errors.ts';
import type { ErrorData, Prediction } from '../../../src-main/contract/app/index.ts';
import { type FileSource, type UploadProgress, api, bring, upload } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { noteFiles } from './photo-files.ts';
import { storeText } from './text.ts';

/** A prediction with what is known about its picture. */
export interface ShownPrediction extends Prediction {
  readonly key: number;
  /** The run whose network made it. */
  readonly run: string;
  /** The true class, for images of the project. */
  readonly truth: string | null;
  /** The project's image it is of; null for photos from elsewhere. */
  readonly imageId: number | null;
  /** Gives the bytes of a photo from elsewhere; null where it is an image of the project. */
  readonly file: (() => Promise<File | null>) | null;
  /** The class it was added to since; null: none. */
  readonly added: string | null;
}

/** What is being predicted, and how far it is: bytes are sent first where there are no places, then portions predicted. */
export interface Working {
  readonly name: string;
  readonly progress: UploadProgress | null;
  readonly predicted: { readonly done: number; readonly total: number } | null;
}

/** Draws images of the test split at random, with their true classes. */
async function drawTestImages(
  howMany: number,
  classNames: ReadonlyMap<number, string>,
): Promise<{ ids: number[]; truths: (string | null)[] }> {
  const ids = (await api.datasets.listImages({ split: 'test' }))
    .map((id) => ({ id, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, howMany)
    .map(({ id }) => id);
  const images = new Map((await api.datasets.getImages({ ids })).map((image) => [image.id, image]));
  const truths = ids.map((id) => {
    const classId = images.get(id)?.classId;
    return classId == null ? null : (classNames.get(classId) ?? null);
  });
  return { ids, truths };
}

export const usePredictionsStore = defineStore('predictions', () => {
  const shown = shallowRef<ShownPrediction[]>([]);
  const working = shallowRef<Working | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  const latest = useLatest();
  let nextKey = 1;

  type About = Partial<Pick<ShownPrediction, 'truth' | 'imageId' | 'file'>>;
  /** @param about what is known of the photo of a prediction, by its place */
  function numbered(
    runId: string,
    predictions: readonly Prediction[],
    about: (prediction: Prediction, place: number) => About,
  ): ShownPrediction[] {
    const nothing = { truth: null, imageId: null, file: null, added: null };
    return predictions.map((prediction, place) => ({
      ...prediction,
      ...nothing,
      ...about(prediction, place),
      key: nextKey++,
      run: runId,
    }));
  }
  /** A photo from elsewhere became one of the project's. */
  function noteAdded(key: number, name: string): void {
    shown.value = shown.value.map((item) => (item.key === key ? { ...item, added: name } : item));
  }

  async function attempt(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    failure.value = null;
    const signal = latest.begin();
    working.value = { name, progress: null, predicted: null };
    try {
      await work(signal);
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) working.value = null;
    }
  }

  /**
   * Predicts dropped, picked or pasted photos, and pictures of the camera.
   * @param bytes true: they have no place on the disk, so their bytes are sent, also in Electron
   */
  function predictFiles(runId: string, given: FileSource, bytes = false): Promise<void> {
    const source = noteFiles(given);
    return attempt(source.name, async (signal) => {
      const report = (progress: UploadProgress): void => {
        if (!signal.aborted) working.value = { name: source.name, progress, predicted: null };
      };
      const sources = bytes
        ? { picks: [], uploads: [await upload(source, { signal, report })] }
        : await bring(source, { signal, report });
      throwIfCancelled(signal);
      const before = shown.value;
      const all: ShownPrediction[] = [];
      for await (const portion of await api.training.predictPortions(
        { run: runId, ...sources },
        { signal },
      )) {
        throwIfCancelled(signal);
        all.push(
          ...numbered(runId, portion.predictions, ({ image }) => ({ file: () => source.fileOf(image) })),
        );
        shown.value = [...all, ...before];
        const { done, total } = portion;
        working.value = { name: source.name, progress: null, predicted: { done, total } };
      }
    });
  }

  /** Predicts some images of the test split, whose true class is known. */
  function predictTestImages(runId: string, howMany: number, classNames: Map<number, string>): Promise<void> {
    return attempt(storeText.testImages, async (signal) => {
      const { ids, truths } = await drawTestImages(howMany, classNames);
      throwIfCancelled(signal);
      const predictions = await api.training.predict({ run: runId, images: ids }, { signal });
      throwIfCancelled(signal);
      const made = numbered(runId, predictions, (_, place) => ({
        truth: truths[place],
        imageId: ids[place],
      }));
      shown.value = [...made, ...shown.value];
    });
  }

  function cancel(): void {
    latest.cancel();
    working.value = null;
  }
  const clear = (): void => {
    shown.value = [];
    failure.value = null;
  };

  function reset(): void {
    cancel();
    clear();
  }

  return { shown, working, failure, noteAdded, predictFiles, predictTestImages, cancel, clear, reset };
});
