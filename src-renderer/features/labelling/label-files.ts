/** Labels from files and to files. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { throwIfCancelled } from '../../../src-main/contract/shared/errors.ts';
import type {
  ErrorData,
  ImageFilter,
  LabelExport,
  LabelImportPreview,
} from '../../../src-main/contract/app/index.ts';
import { type FileSource, api, bring } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useLabelsStore } from './store.ts';
import { labelFilesStoreText as text } from './text.ts';

/** How labels are written. */
export interface ExportChoice {
  readonly format: 'folders' | 'csv' | 'coco';
  readonly files: 'copy' | 'link';
  readonly filter: ImageFilter;
}

export const useLabelFilesStore = defineStore('label-files', () => {
  const labels = useLabelsStore();
  const working = ref(false);
  const failure = shallowRef<ErrorData | null>(null);
  const preview = shallowRef<(LabelImportPreview & { readonly name: string }) | null>(null);
  const exported = shallowRef<LabelExport | null>(null);
  /** What `preview` is of: a file that was brought, or nothing for the photos' folders. */
  let file: { pick?: string; upload?: string } = {};
  /** Another project makes the answers about the one before stale, and ends what is sent for it. */
  const opened = useLatest();

  /** @param work does what needs waiting, and returns how to show its answer; null shows nothing */
  async function attempt(work: (signal: AbortSignal) => Promise<(() => void) | null>): Promise<void> {
    const { signal } = opened;
    working.value = true;
    failure.value = null;
    try {
      const show = await work(signal);
      if (!signal.aborted) show?.();
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) working.value = false;
    }
  }

  /** Reads labels without a change; without a source those that the photos' folders say. */
  function look(source: FileSource | null): Promise<void> {
    preview.value = null;
    exported.value = null;
    return attempt(async (signal) => {
      let wanted: typeof file = {};
      if (source !== null) {
        const { picks, uploads } = await bring(source, { signal, report: () => undefined });
        wanted = picks.length > 0 ? { pick: picks[0] } : { upload: uploads[0] };
      }
      throwIfCancelled(signal);
      const found = await api.labels.previewImport(wanted);
      return () => {
        file = wanted;
        preview.value = { ...found, name: source?.name ?? text.folderNames };
      };
    });
  }

  /** Takes over the labels of the preview. */
  function takeOver(): Promise<void> {
    return attempt(async () => {
      const applied = await api.labels.importLabels(file);
      return () => {
        labels.take(applied);
        preview.value = null;
      };
    });
  }

  /** Writes labels, where the host can into a folder the user picks. */
  function write(choice: ExportChoice, pickPlace: boolean): Promise<void> {
    exported.value = null;
    return attempt(async (signal) => {
      let pick: string | undefined;
      if (pickPlace) {
        const picked = await api.datasets.pickFolder({ title: text.whereToWriteLabels });
        if (picked === null) return null;
        ({ pick } = picked);
      }
      throwIfCancelled(signal);
      const written = await api.labels.exportLabels(pick === undefined ? choice : { ...choice, pick });
      return () => {
        exported.value = written;
      };
    });
  }

  function close(): void {
    preview.value = null;
    exported.value = null;
    failure.value = null;
  }

  /** Forgets what belongs to the project that was open. */
  function reset(): void {
    opened.cancel();
    working.value = false;
    file = {};
    close();
  }

  return { working, failure, preview, exported, look, takeOver, write, close, reset };
});
