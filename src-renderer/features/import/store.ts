/** Bringing photos in: the upload from this page, then the import the services do. */
import { defineStore } from 'pinia';
import { useEventListener, useSessionStorage } from '@vueuse/core';
import { computed, shallowRef } from 'vue';
import { throwIfCancelled } from '../../../src-main/contract/shared/errors.ts';
import type { ErrorData, ImportState, QuarantinedFile } from '../../../src-main/contract/app/index.ts';
import { type FileSource, type UploadProgress, api, bring } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { storeText as text } from './text.ts';

export const useImportsStore = defineStore('imports', () => {
  const project = useProjectStore();
  /** The running or the last import, as the services report it. */
  const state = shallowRef<ImportState | null>(null);
  /** Files on their way from this page; null when none are. */
  const upload = shallowRef<{ name: string; progress: UploadProgress; startedAt: number } | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  /** The id of the last import whose outcome the user has put away. */
  const dismissed = useSessionStorage<string | null>('lenslet-import-dismissed', null);
  /** Files that the last upload left out, with reasons. */
  const leftOut = shallowRef<readonly QuarantinedFile[]>([]);
  /** Another project makes the answers about the one before stale. */
  const opened = useLatest();
  /** A newer upload, or another project, cancels the one before. */
  const uploads = useLatest();
  /** The project that the files on their way are for. */
  let uploadFor: string | undefined;

  // Files on their way come from this page: they are lost with it.
  useEventListener(window, 'beforeunload', (event) => {
    if (upload.value !== null) event.preventDefault();
  });

  const busy = computed(() => upload.value !== null || state.value?.status === 'running');

  async function refresh(): Promise<void> {
    const { signal } = opened;
    const found = await api.datasets.importState();
    if (!signal.aborted) state.value = found;
  }

  /** Imports a dropped or picked folder, or loose files. Its outcome arrives as `state` or `failure`. */
  async function importFiles(source: FileSource): Promise<void> {
    failure.value = null;
    leftOut.value = [];
    const signal = uploads.begin();
    uploadFor = project.current?.key;
    const startedAt = Date.now();
    const nothing: UploadProgress = { found: 0, sent: 0, bytes: 0, complete: false, leftOut: [] };
    upload.value = { name: source.name, progress: nothing, startedAt };
    try {
      const sources = await bring(source, {
        signal,
        report: (progress) => {
          if (signal.aborted) return;
          upload.value = { name: source.name, progress, startedAt };
          leftOut.value = progress.leftOut;
        },
      });
      throwIfCancelled(signal);
      await api.datasets.startImport(sources);
    } catch (thrown) {
      if (!signal.aborted) failure.value = failureOf(thrown);
    } finally {
      if (!signal.aborted) upload.value = null;
    }
  }

  /** Opens the system's folder dialog (desktop only); null when dismissed. */
  function pickFolder(): Promise<{ pick: string; name: string } | null> {
    return api.datasets.pickFolder({ title: text.chooseFolderOfPhotos });
  }

  /** Imports a folder chosen in the system's dialog. */
  async function importPick(pick: string): Promise<void> {
    failure.value = null;
    try {
      await api.datasets.startImport({ picks: [pick] });
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }

  function cancelUpload(): void {
    uploads.cancel();
    upload.value = null;
  }
  async function cancel(): Promise<void> {
    try {
      if (upload.value !== null) cancelUpload();
      else await api.datasets.cancelImport();
    } catch (thrown) {
      failure.value = failureOf(thrown);
    }
  }

  /** Puts the outcome of the last import away. */
  function dismiss(): void {
    failure.value = null;
    dismissed.value = state.value?.id ?? null;
  }

  /** Forgets what belongs to the project that was open; an upload to the present one continues. */
  function reset(): void {
    if (uploadFor !== project.current?.key) cancelUpload();
    opened.cancel();
    state.value = null;
    failure.value = null;
    leftOut.value = [];
  }

  return {
    state,
    upload,
    failure,
    leftOut,
    dismissed,
    busy,
    refresh,
    importFiles,
    pickFolder,
    importPick,
    cancel,
    dismiss,
    reset,
  };
});
