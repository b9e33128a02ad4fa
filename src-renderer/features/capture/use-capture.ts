/** The ways photos come in besides folders: which of them is open, and what is pasted. */
import { useToast } from '@nuxt/ui/composables';
import { computed, ref, shallowRef } from 'vue';
import { findAddresses } from '../../../src-main/contract/app/index.ts';
import { type FileSource, isVideo, sourceOfFiles, withoutVideos } from '../../client/index.ts';
import { announce } from '../../shared/composables/announce.ts';
import { usePaste } from '../../shared/composables/paste.ts';
import { useShortcuts } from '../../shared/composables/shortcuts.ts';
import { useCapturesStore } from './store.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useImportsStore } from '../import/index.ts';
import { useCaptureText as text } from './text.ts';

/** What is open in front of the photos. */
export type CaptureTask =
  | { readonly kind: 'camera' }
  | { readonly kind: 'video'; readonly files: readonly File[]; readonly alsoPhotos: boolean }
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
  function openVideos(files: readonly File[], alsoPhotos = false): void {
    if (files.length === 0) return;
    announce(text.chooseHowManyFramesTo(files.length));
    begin({ kind: 'video', files, alsoPhotos });
  }

  /** Takes videos out of what was dropped or chosen, and opens them. @returns the rest */
  function takeVideos(source: FileSource | null): FileSource | null {
    if (source === null) return null;
    const { videos, rest } = withoutVideos(source);
    openVideos(videos, rest !== null && !imports.busy);
    return rest;
  }

  async function paste(files: readonly File[]): Promise<void> {
    const name = files.length === 1 ? files[0].name : text.pastedFiles(files.length);
    const into = shownClass.value;
    try {
      const { added, known } = await captures.importFiles(sourceOfFiles(name, files), into);
      const where = into === null ? text.toPhotosWithoutClass : text.toClassThatIsShown(into);
      const title = added > 0 ? text.pasted(added, where) : known > 0 ? text.isKnown : text.isNotAnImage;
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

  useShortcuts(text.addPhotos, [
    { keys: ['c'], what: text.camera, run: openCamera },
    { keys: ['meta', 'v'], what: text.addCopiedImageOrFetch },
  ]);

  return { task, label, openCamera, openWeb, openVideos, takeVideos, close: () => (task.value = null) };
}
