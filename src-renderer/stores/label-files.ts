/** Labels from files and to files. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type {
  ErrorData,
  ImageFilter,
  LabelExport,
  LabelImportPreview,
} from '../../src-main/contract/index.ts';
import { type FileSource, api, bring } from '../client/index.ts';
import { failureOf } from './failures.ts';
import { useLabelsStore } from './labels.ts';

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

  async function attempt(work: () => Promise<void>): Promise<void> {
    working.value = true;
    failure.value = null;
    try {
      await work();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    } finally {
      working.value = false;
    }
  }

  /** Reads labels without a change; without a source those that the photos' folders say. */
  function look(source: FileSource | null): Promise<void> {
    preview.value = null;
    exported.value = null;
    return attempt(async () => {
      file = {};
      if (source !== null) {
        const { picks, uploads } = await bring(source, {
          signal: new AbortController().signal,
          report: () => undefined,
        });
        file = picks.length > 0 ? { pick: picks[0] } : { upload: uploads[0] };
      }
      preview.value = { ...(await api.labels.previewImport(file)), name: source?.name ?? 'folder names' };
    });
  }

  /** Takes the labels over that were looked at. */
  function takeOver(): Promise<void> {
    return attempt(async () => {
      labels.take(await api.labels.importLabels(file));
      preview.value = null;
    });
  }

  /** Writes labels, where the host can into a folder the user picks. */
  function write(choice: ExportChoice, pickPlace: boolean): Promise<void> {
    exported.value = null;
    return attempt(async () => {
      let pick: string | undefined;
      if (pickPlace) {
        const picked = await api.datasets.pickFolder({ title: 'Where to write the labels' });
        if (picked === null) return;
        ({ pick } = picked);
      }
      exported.value = await api.labels.exportLabels(pick === undefined ? choice : { ...choice, pick });
    });
  }

  function close(): void {
    preview.value = null;
    exported.value = null;
    failure.value = null;
  }

  return { working, failure, preview, exported, look, takeOver, write, close };
});
