/** The rows of a grid of tiles, of which only those in view exist. */
import { type Range, useVirtualizer } from '@tanstack/vue-virtual';
import { type Ref, computed, watch } from 'vue';
import { type useGridLayout, margin } from './grid-layout.ts';

/** What the rows are of. */
interface GridRowsOptions {
  readonly scroller: Readonly<Ref<HTMLElement | null>>;
  readonly layout: Pick<ReturnType<typeof useGridLayout>, 'columns' | 'rowHeight' | 'rowCount'>;
  readonly ids: () => readonly number[];
  /** Pixels below the last row; the margin when left out. */
  readonly paddingEnd?: () => number;
  /** Rows that exist though they are not in view. */
  readonly rangeExtractor?: (range: Range) => number[];
}

/** Follows what is in view. */
export function useGridRows({ scroller, layout, ids, paddingEnd, rangeExtractor }: GridRowsOptions) {
  const { columns, rowHeight, rowCount } = layout;
  const virtualizer = useVirtualizer(
    computed(() => ({
      count: rowCount.value,
      getScrollElement: () => scroller.value,
      estimateSize: () => rowHeight.value,
      overscan: 3,
      paddingStart: margin,
      paddingEnd: paddingEnd?.() ?? margin,
      ...(rangeExtractor === undefined ? {} : { rangeExtractor }),
    })),
  );
  watch(rowHeight, () => virtualizer.value.measure());
  const rows = computed(() =>
    virtualizer.value.getVirtualItems().map(({ index, start }) => {
      const first = index * columns.value;
      return { index, start, first, ids: ids().slice(first, first + columns.value) };
    }),
  );
  return { virtualizer, rows };
}
