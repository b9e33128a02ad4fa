/** Where photos come from on the tabs of Explain: drops, files, the camera, the dataset. */
import { watch } from 'vue';
import { type FileSource, readDrop, readPicked } from '../../client/index.ts';
import { useExplainStore } from './store.ts';
import { useProjectStore } from '../../shared/project/project.ts';

/** Handlers for the photo chooser; offers photos of the dataset once a project is open. */
export function usePhotoSource() {
  const explain = useExplainStore();
  const project = useProjectStore();
  watch(
    () => project.current?.key,
    (key) => {
      if (key !== undefined && explain.offers.length === 0) explain.drawOffers().catch(() => undefined);
    },
    { immediate: true },
  );
  const take = (source: FileSource | null, bytes = false): void => {
    if (source !== null) void explain.takePhoto(source, project.current !== null, bytes);
  };
  return {
    onDrop: (transfer: DataTransfer) => take(readDrop(transfer)),
    onFiles: (files: FileList | null) => take(readPicked(files)),
    onCaptured: (file: File) => take(fromCamera(file), true),
    onSecondFiles: (files: FileList | null) => {
      const source = readPicked(files);
      if (source !== null) void explain.takeSecond(source);
    },
    onSecondCaptured: (file: File) => void explain.takeSecond(fromCamera(file), true),
    onOthers: () => void explain.drawOffers().catch(() => undefined),
  };
}

/** A picture of the camera as a source of one file. */
function fromCamera(file: File): FileSource {
  return {
    name: file.name,
    tops: [file],
    async *find() {
      yield { path: file.name, open: async () => file };
    },
  };
}
