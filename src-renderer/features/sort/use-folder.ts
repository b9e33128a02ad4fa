/** From a dropped or picked folder to a sorting that runs: bytes are sent first where the page knows no places. */
import { computed, ref, shallowRef } from 'vue';
import { type FileSource, type UploadProgress, api, bring, sourceOfFiles } from '../../client/index.ts';
import { useLatest } from '../../shared/composables/latest.ts';
import { useSortStore } from './store.ts';

/** Makes it. */
export function useFolder() {
  const store = useSortStore();
  const threshold = ref<number | null>(null);
  const burst = ref<number | null>(null);
  const boxes = shallowRef<File | null>(null);
  const sending = shallowRef<UploadProgress | null>(null);
  const starting = ref(false);
  const latest = useLatest();

  type Folder = { readonly pick: string } | { readonly upload: string };

  async function begin(
    run: string,
    bringFolder: (signal: AbortSignal) => Promise<Folder | null>,
  ): Promise<void> {
    const signal = latest.begin();
    starting.value = true;
    const sorting = await store.attempt(async () => {
      const folder = await bringFolder(signal);
      if (folder === null || signal.aborted) return null;
      const list = boxes.value === null ? null : await bringBoxes(boxes.value, signal);
      const settings = { threshold: threshold.value, burst: burst.value };
      return api.sorting.start({ run, ...folder, ...settings, ...list }, { signal });
    });
    if (signal.aborted) return;
    starting.value = false;
    sending.value = null;
    if (sorting !== null) store.show(sorting);
  }

  async function bringBoxes(
    file: File,
    signal: AbortSignal,
  ): Promise<{ boxes: string } | { boxesUpload: string }> {
    const { picks, uploads } = await bring(sourceOfFiles(file.name, [file]), {
      signal,
      report: () => undefined,
    });
    return picks.length > 0 ? { boxes: picks[0] } : { boxesUpload: uploads[0] };
  }

  /** Sorts what was dropped, or picked in the browser. */
  const sortFiles = (run: string, source: FileSource): Promise<void> =>
    begin(run, async (signal) => {
      const report = (progress: UploadProgress): void => void (sending.value = progress);
      const { picks, uploads } = await bring(source, { signal, report });
      return picks.length > 0 ? { pick: picks[0] } : { upload: uploads[0] };
    });

  /** Asks for a folder in a dialog of the system, and sorts it. */
  const sortPicked = (run: string, title: string): Promise<void> =>
    begin(run, async () => {
      const picked = await api.datasets.pickFolder({ title });
      return picked === null ? null : { pick: picked.pick };
    });

  function cancel(): void {
    latest.cancel();
    starting.value = false;
    sending.value = null;
  }

  return {
    threshold,
    burst,
    boxes,
    sending,
    starting: computed(() => starting.value),
    sortFiles,
    sortPicked,
    cancel,
  };
}
