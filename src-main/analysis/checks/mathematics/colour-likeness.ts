/** Whether two pictures that agree in their shapes also agree in their colours. */
import { type Orientation, placeBefore } from '../measure/orientation.ts';
import type { Window } from '../measure/perceptual-hash.ts';
import { colourSide } from '../measure/signals.ts';

/** Mean distance from grey, in 8-bit steps, below which a picture has no colour to compare. */
const colourless = 4;

/**
 * The cosine between the colours of a picture and of the part of another it was laid over: 1 for the same colours
 * however bright, less for others. Null where one of them is grey: a copy without colour is a copy.
 */
export function colourLikeness(
  part: Int8Array,
  orientation: Orientation,
  whole: Int8Array,
  window: Window,
): number | null {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (let row = 0; row < colourSide; row++) {
    for (let column = 0; column < colourSide; column++) {
      const at = 2 * placeBefore(orientation, column, row, colourSide);
      for (let channel = 0; channel < 2; channel++) {
        const a = part[at + channel];
        const b = sample(whole, channel, window, column, row);
        product += a * b;
        lengthA += a * a;
        lengthB += b * b;
      }
    }
  }
  const least = colourless * colourless * colourSide * colourSide;
  if (lengthA < least || lengthB < least) return null;
  return product / Math.sqrt(lengthA * lengthB);
}

function sample(
  colours: Int8Array,
  channel: number,
  [left, top, right, bottom]: Window,
  column: number,
  row: number,
): number {
  const place = (start: number, end: number, at: number): { first: number; share: number } => {
    const exact = (start + ((end - start) * (at + 0.5)) / colourSide) * colourSide - 0.5;
    const clamped = Math.min(colourSide - 1, Math.max(0, exact));
    const first = Math.min(colourSide - 2, Math.floor(clamped));
    return { first, share: clamped - first };
  };
  const { first: x, share: fx } = place(left, right, column);
  const { first: y, share: fy } = place(top, bottom, row);
  const read = (cx: number, cy: number): number => colours[2 * (cy * colourSide + cx) + channel];
  const upper = read(x, y) * (1 - fx) + read(x + 1, y) * fx;
  const lower = read(x, y + 1) * (1 - fx) + read(x + 1, y + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}
