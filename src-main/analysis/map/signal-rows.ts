/** Features where there is no pretrained network: where which colours are, and the rough shape of light and dark. */
import type { SignalStore } from '../checks/measure/signal-store.ts';
import { colourSide } from '../checks/measure/signals.ts';

/** Side of the grid of grey values. */
const side = 8;
const greys = side * side;
const colours = 2 * colourSide * colourSide;

/** Numbers per photo. */
export const signalLength = greys + colours;

/** Writes the features of a measured photo into `row`; leaves zeros for one that is not measured. */
export function readSignalRow(store: SignalStore, hash: string, row: Float32Array): void {
  const grey = store.grey(hash);
  const colour = store.colour(hash);
  if (grey === null || colour === null) return;
  const width = Math.round(Math.sqrt(grey.length));
  const step = width / side;
  for (let at = 0; at < grey.length; at++) {
    const y = Math.floor(Math.floor(at / width) / step);
    const x = Math.floor((at % width) / step);
    row[y * side + x] += (grey[at] / 255 - 0.5) / (step * step);
  }
  for (let at = 0; at < colours; at++) row[greys + at] = colour[at] / 128;
}
