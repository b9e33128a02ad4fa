/** How the tiles of a grid are laid out: as many in a row as fit, growing a little to fill it. */
import { useElementSize } from '@vueuse/core';
import { type Ref, computed } from 'vue';

/** Pixels between tiles. */
const gap = 8;
/** Pixels around all tiles. */
export const margin = 16;
const captionHeight = 24;
/** Edge of the smallest tile that has a caption, in pixels. */
const minCaptioned = 112;

/**
 * Follows the size of the grid.
 * @param tileSize wished edge of a tile in pixels
 * @param count tiles in the grid
 */
export function useGridLayout(
  scroller: Readonly<Ref<HTMLElement | null>>,
  tileSize: () => number,
  count: () => number,
) {
  const { width, height } = useElementSize(scroller);
  const inner = computed(() => Math.max(0, width.value - 2 * margin));
  const columns = computed(() => Math.max(1, Math.floor((inner.value + gap) / (tileSize() + gap))));
  const tile = computed(() => Math.floor((inner.value - gap * (columns.value - 1)) / columns.value));
  const captioned = computed(() => tile.value >= minCaptioned);
  const rowHeight = computed(() => tile.value + gap + (captioned.value ? captionHeight : 0));
  const rowCount = computed(() => Math.ceil(count() / columns.value));
  return { width, height, columns, tile, captioned, rowHeight, rowCount };
}
