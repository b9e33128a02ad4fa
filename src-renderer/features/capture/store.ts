/**
 * Photos that come from the page itself: sent to the project as they are taken, imported with their class, one set after
 * the other.
 */
import { until } from '@vueuse/core';
import { defineStore } from 'pinia';
import { packRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import type { AppliedEdit, ImportState } from '../../../src-main/contract/app/index.ts';
import { type FileSource, api, sendPicture, toAppError } from '../../client/index.ts';
import { useImportsStore } from '../import/index.ts';
import { useLabelsStore } from '../labelling/index.ts';

/** A set of photos on its way: a burst, the frames of a video, what was pasted. */
export interface CaptureSet {
  readonly upload: string;
  /** Sends one photo. @throws AppError */
  send(path: string, picture: Blob, signal?: AbortSignal): Promise<void>;
}

/** Milliseconds before an import is asked for again that another page's import was in the way of. */
const pause = 300;

export const useCapturesStore = defineStore('captures', () => {
  const imports = useImportsStore();
  const labels = useLabelsStore();
  let last: Promise<unknown> = Promise.resolve();

  /** Begins a set. @param label the class of all its photos; null for none. @throws AppError */
  async function begin(name: string, label: string | null): Promise<CaptureSet> {
    const { id: upload } = await api.datasets.beginUpload({ name, capture: { label } });
    return { upload, send: (path, picture, signal) => sendPicture(upload, path, picture, signal) };
  }

  async function importNow(upload: string): Promise<ImportState> {
    for (;;) {
      await until(() => imports.busy).toBe(false);
      try {
        const { importId } = await api.datasets.startImport({ uploads: [upload] });
        await imports.refresh();
        await until(() => imports.state?.id === importId && imports.state.status === 'running').toBe(false);
        const { state } = imports;
        if (state === null) throw new AppError('PROJECT_NOT_OPEN');
        if (state.status === 'cancelled') throw new AppError('CANCELLED');
        if (state.status === 'failed' && state.error !== null) throw AppError.fromData(state.error);
        return state;
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== 'DATASET_IMPORT_RUNNING') throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
        await imports.refresh();
      }
    }
  }

  /** Imports a set, after those before it. @throws AppError what the import failed with, CANCELLED */
  function importSet(upload: string): Promise<ImportState> {
    const mine = last.then(() => importNow(upload));
    last = mine.catch(() => undefined);
    return mine;
  }

  /** Throws a set away that was not imported. */
  async function discard(upload: string): Promise<void> {
    await api.datasets.discardUpload({ id: upload }).catch(() => undefined);
  }

  /** Photos of the project whose path has this text in it. */
  const photosNamed = (text: string): Promise<number[]> => api.datasets.listImages({ text });

  /** Leaves the photos of a set out, as one edit that can be undone. @returns null when that failed */
  async function leaveOut(named: string): Promise<AppliedEdit | null> {
    const ids = await photosNamed(named);
    return labels.apply({ kind: 'exclude', images: packRanges(ids) });
  }

  /** Sends and imports files with a class. @throws AppError */
  async function importFiles(source: FileSource, label: string | null): Promise<ImportState> {
    const set = await begin(source.name, label);
    for await (const { path, open } of source.find()) await set.send(path, await open());
    return importSet(set.upload);
  }

  return { begin, importSet, discard, leaveOut, photosNamed, importFiles };
});
