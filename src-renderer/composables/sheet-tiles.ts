/** One of the pictures of a sheet. */
import type { PictureSheet } from '../../src-main/contract/index.ts';

/** Shows the picture at `index` as the background of a square element of any size. */
export function tileStyle({ address, columns, count }: PictureSheet, index: number): Record<string, string> {
  const rows = Math.ceil(count / columns);
  const share = (place: number, places: number): string =>
    places === 1 ? '0%' : `${(100 * place) / (places - 1)}%`;
  return {
    backgroundImage: `url("${address}")`,
    backgroundSize: `${100 * columns}% ${100 * rows}%`,
    backgroundPosition: `${share(index % columns, columns)} ${share(Math.floor(index / columns), rows)}`,
  };
}

/** Draws the picture at `index` on a canvas of its own size. */
export async function drawTile(
  canvas: HTMLCanvasElement,
  { address, columns, size }: PictureSheet,
  index: number,
): Promise<void> {
  const image = new Image();
  image.src = address;
  await image.decode();
  canvas.width = size;
  canvas.height = size;
  const [x, y] = [(index % columns) * size, Math.floor(index / columns) * size];
  canvas.getContext('2d', { willReadFrequently: true })?.drawImage(image, x, y, size, size, 0, 0, size, size);
}
