/** The ways photos come in besides folders: which of them is open, and what is pasted. */
import { useToast } from '@nuxt/ui/composables';
import { computed, ref, shallowRef } from 'vue';
import { findAddresses } from '../../../src-main/contract/app/index.ts';
import { type FileSource, isVideo, sourceOfFiles, withoutVideos } from '../../client/index.ts';
import { announce } from '../../shared/composables/announce.ts';
import { plural } from '../../shared/text/format.ts';
import { usePaste } from '../../shared/composables/paste.ts';
import { useShortcuts } from '../../shared/composables/shortcuts.ts';
import { useCapturesStore } from './store.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useImportsStore } from '../import/index.ts';

/** What is open in front of the photos. */
export type CaptureTask =
  | { readonly kind: 'camera' }
  | { readonly kind: 'video'; readonly files: readonly File[]; readonly beside: boolean }
  | { readonly kind: 'web'; readonly text: string };

/** Makes it; it listens for pasting while the calling component lives. */
export function useCapture() {
  const dataset = useDatasetStore();
  const imports = useImportsStore();
  const captures = useCapturesStore();
  const toast = useToast();
  const task = shallowRef<CaptureTask | null>(null);
  /** The class of what is taken next; stays from one time to the next. */
  const label = ref<string | null>(null);

  const classes = computed(() => dataset.summary?.classes ?? []);
  /** The class that alone is shown in the grid. */
  const shownClass = computed(
    () => classes.value.find(({ id }) => id === dataset.filter.classId)?.name ?? null,
  );

  function begin(next: CaptureTask): void {
    const first = label.value ?? (dataset.filter.unlabelled ? null : (classes.value[0]?.name ?? null));
    label.value = shownClass.value ?? first;
    task.value = next;
  }
  const openCamera = (): void => begin({ kind: 'camera' });
  const openWeb = (text = ''): void => begin({ kind: 'web', text });
  function openVideos(files: readonly File[], beside = false): void {
    if (files.length === 0) return;
    announce(`${plural(files.length, 'video')}: choose how many frames to take.`);
    begin({ kind: 'video', files, beside });
  }

  /** Takes videos out of what was dropped or chosen, and opens them. @returns the rest */
  function takeVideos(source: FileSource | null): FileSource | null {
    if (source === null) return null;
    const { videos, rest } = withoutVideos(source);
    openVideos(videos, rest !== null && !imports.busy);
    return rest;
  }

  async function paste(files: readonly File[]): Promise<void> {
    const name = files.length === 1 ? files[0].name : `${files.length} pasted files`;
    const into = shownClass.value;
    try {
      const { added, known } = await captures.importFiles(sourceOfFiles(name, files), into);
      const where = into === null ? 'to the photos without a class' : `to ${into}, the class that is shown`;
      const title =
        added > 0
          ? `Pasted ${plural(added, 'picture')} ${where}`
          : known > 0
            ? 'This picture is in the project already'
            : 'What was pasted is no picture';
      announce(title);
      toast.add({ id: 'pasted', title, icon: 'i-lucide-clipboard-check' });
    } catch (thrown) {
      imports.failure = failureOf(thrown);
    }
  }

  usePaste(({ files, text }) => {
    const pictures = files.filter((file) => !isVideo(file));
    openVideos(files.filter(isVideo), pictures.length > 0);
    if (pictures.length > 0) void paste(pictures);
    else if (files.length === 0 && findAddresses(text).addresses.length > 0) openWeb(text);
    else return files.length > 0;
    return true;
  });

  useShortcuts('Bring in', [
    { keys: ['c'], what: 'Camera', run: openCamera },
    { keys: ['meta', 'v'], what: 'Add the copied picture, or fetch a copied web address' },
  ]);

  return { task, label, openCamera, openWeb, openVideos, takeVideos, close: () => (task.value = null) };
}
