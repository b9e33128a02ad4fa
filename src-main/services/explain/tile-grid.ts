/** Many small pictures on one. */
import type { Grid } from '../../contract/app/explain/network.ts';
import type { Raster } from './raster.ts';

/** The measures of a grid. */
export function gridOf(
  count: number,
  columns: number,
  tileWidth: number,
  tileHeight: number,
  margin: number,
): Grid {
  const rows = Math.ceil(count / columns);
  const width = columns * tileWidth + (columns - 1) * margin;
  const height = rows * tileHeight + (rows - 1) * margin;
  return { columns, rows, tileWidth, tileHeight, margin, width, height };
}

/**
 * Puts tiles on a grid; where none is, it stays transparent.
 * @param tile gives the colours of one tile, three bytes a pixel
 * @param background of the margins; null: transparent
 */
export function drawGrid(
  grid: Grid,
  count: number,
  tile: (index: number) => Uint8Array,
  background: readonly [number, number, number] | null = null,
): Raster {
  const { columns, tileWidth, tileHeight, margin, width, height } = grid;
  const data = new Uint8Array(width * height * 4);
  if (background !== null) {
    for (let i = 0; i < width * height; i++) data.set([...background, 255], 4 * i);
  }
  for (let index = 0; index < count; index++) {
    const left = (index % columns) * (tileWidth + margin);
    const top = Math.floor(index / columns) * (tileHeight + margin);
    const colours = tile(index);
    for (let y = 0; y < tileHeight; y++) {
      for (let x = 0; x < tileWidth; x++) {
        const [from, to] = [3 * (y * tileWidth + x), 4 * ((top + y) * width + left + x)];
        data[to] = colours[from];
        data[to + 1] = colours[from + 1];
        data[to + 2] = colours[from + 2];
        data[to + 3] = 255;
      }
    }
  }
  return { width, height, channels: 4, data };
}
