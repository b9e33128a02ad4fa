/** Pasting anywhere on a screen: images, files, or text. */
import { useEventListener } from '@vueuse/core';
import { stamp } from '../text/capture-names.ts';
import { isMeantElsewhere } from './keys-elsewhere.ts';

/** What came from the clipboard. Both may be empty. */
export interface Pasted {
  readonly files: File[];
  readonly text: string;
}

/** Images without a file all have the same name; the time is added to it. */
function named(file: File, now: Date): File {
  if (!/^image\.(png|jpe?g|gif|webp|bmp|tiff?)$/i.test(file.name)) return file;
  const ending = file.name.slice(file.name.lastIndexOf('.'));
  return new File([file], `pasted ${stamp(now)}${ending}`, { type: file.type });
}

/**
 * Listens for pasting while the calling component lives; fields and dialogs keep theirs.
 * @param take returns whether it could do something with it
 */
export function usePaste(take: (pasted: Pasted) => boolean): void {
  useEventListener(window, 'paste', (event: ClipboardEvent) => {
    if (event.defaultPrevented || event.clipboardData === null || isMeantElsewhere(event)) return;
    const now = new Date();
    const files = [...event.clipboardData.files].map((file) => named(file, now));
    if (take({ files, text: event.clipboardData.getData('text/plain').trim() })) event.preventDefault();
  });
}
