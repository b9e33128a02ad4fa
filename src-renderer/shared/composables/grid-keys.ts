/** Where a key leads in a grid of tiles. */

interface GridShape {
  readonly count: number;
  readonly columns: number;
  /** Rows that fit in view. */
  readonly page: number;
}

/**
 * The place a key moves to from `from`; null for keys that do not move.
 * Up and down stay in their column; the last, shorter row takes its last tile.
 */
export function moveInGrid(key: string, from: number, { count, columns, page }: GridShape): number | null {
  const last = count - 1;
  const byRows = (rows: number): number => {
    const target = from + rows * columns;
    if (target < 0) return from % columns;
    if (target <= last) return target;
    const sameRow = Math.floor(from / columns) === Math.floor(last / columns);
    return sameRow ? from : last;
  };
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'ArrowRight':
      return Math.min(last, from + 1);
    case 'ArrowUp':
      return from < columns ? from : byRows(-1);
    case 'ArrowDown':
      return byRows(1);
    case 'PageUp':
      return byRows(-page);
    case 'PageDown':
      return byRows(page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
