/** Sheets of pictures, fetched once, and drawn from one picture at a time. */
import type { PictureSheet } from '../../../src-main/contract/app/index.ts';

/** A page shows at most two sheets at a time, and goes back to none. */
const kept = 6;
const sheets = new Map<string, HTMLImageElement>();

/** Fetches a sheet; fetched before it is shown, its pictures replace others without a blank in between. */
export async function loadSheet({ address }: Pick<PictureSheet, 'address'>): Promise<HTMLImageElement> {
  const known = sheets.get(address);
  if (known !== undefined) return known;
  const image = new Image();
  image.src = address;
  await image.decode();
  sheets.set(address, image);
  for (const [oldest] of sheets) {
    if (sheets.size <= kept) break;
    sheets.delete(oldest);
  }
  return image;
}

/** Draws the picture at `index` on a canvas, at once where its sheet is there. */
export function drawTile(canvas: HTMLCanvasElement, sheet: PictureSheet, index: number): Promise<void> {
  const known = sheets.get(sheet.address);
  if (known === undefined) return loadSheet(sheet).then((image) => paint(canvas, image, sheet, index));
  paint(canvas, known, sheet, index);
  return Promise.resolve();
}

function paint(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  { columns, size }: PictureSheet,
  index: number,
): void {
  if (canvas.width !== size) canvas.width = size;
  if (canvas.height !== size) canvas.height = size;
  const [x, y] = [(index % columns) * size, Math.floor(index / columns) * size];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(image, x, y, size, size, 0, 0, size, size);
}
