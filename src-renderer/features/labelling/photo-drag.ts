/** Dragging photos of the grid onto something of the page: what is dragged is always the chosen photos. */
import { ref } from 'vue';
import { photoDragText as text } from './text.ts';

const kind = 'application/x-lenslet-photos';

/** Begins a drag; `count` photos go along. */
export function startDrag(event: DragEvent, count: number): void {
  if (event.dataTransfer === null) return;
  event.dataTransfer.setData(kind, String(count));
  event.dataTransfer.effectAllowed = 'copy';
  const badge = document.createElement('div');
  badge.textContent = count === 1 ? '1 photo' : text.photos(count.toLocaleString('en-US'));
  badge.className =
    'fixed -top-40 left-0 rounded-md bg-primary px-3 py-1.5 text-sm font-medium text-inverted';
  document.body.append(badge);
  event.dataTransfer.setDragImage(badge, -12, -8);
  // The browser has drawn the badge once the handler has returned.
  setTimeout(() => badge.remove());
}

/** Handlers for an element that takes photos, and whether some hover over it. */
export function useDropTarget(take: () => void) {
  const hovering = ref(false);
  const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes(kind) ?? false;
  return {
    hovering,
    handlers: {
      dragenter: (event: DragEvent) => {
        if (carries(event)) hovering.value = true;
      },
      dragover: (event: DragEvent) => {
        if (!carries(event)) return;
        event.preventDefault();
        event.dataTransfer!.dropEffect = 'copy';
        hovering.value = true;
      },
      dragleave: () => {
        hovering.value = false;
      },
      drop: (event: DragEvent) => {
        if (!carries(event)) return;
        event.preventDefault();
        hovering.value = false;
        take();
      },
    },
  };
}
