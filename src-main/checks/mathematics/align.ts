/** Tells whether a picture is a part of another: lays one over the other and compares, wherever it fits best. */
import { type Mirror, type Window, greySide, sourceOf } from '../measure/perceptual-hash.ts';

const side = greySide;

/** A grey picture with mean 0 and length 1, so that a product of two is their correlation; null for a flat one. */
export function normalise(values: ArrayLike<number>): Float64Array | null {
  const result = Float64Array.from(values);
  const mean = result.reduce((sum, value) => sum + value, 0) / result.length;
  let length = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] -= mean;
    length += result[i] * result[i];
  }
  // Less than one grey value of deviation is noise.
  if (length < result.length) return null;
  const scale = 1 / Math.sqrt(length);
  for (let i = 0; i < result.length; i++) result[i] *= scale;
  return result;
}

/** A picture seen in a mirror. */
export function mirrorGrey(grey: Uint8Array, mirror: Mirror): Uint8Array {
  if (mirror === 'none') return grey;
  const result = new Uint8Array(grey.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = mirror === 'horizontal' ? y * side + side - 1 - x : (side - 1 - y) * side + x;
      result[y * side + x] = grey[from];
    }
  }
  return result;
}

/** How far the edges of a window are moved in search of a better fit, as fractions of the side. */
const steps = [0.04, 0.02, 0.01];

/**
 * The correlation of a picture with the part of another that fits best, near a first guess.
 * @param part the picture, normalised
 * @param whole grey values of the other
 * @param guess where it may have been cut from
 * @returns −1 to 1
 */
export function bestCorrelation(part: Float64Array, whole: Uint8Array, guess: Window): number {
  let window = [...guess] as [number, number, number, number];
  let best = correlate(part, whole, window);
  // Hopeless guesses are most of them.
  if (best < 0.7) return best;
  for (const step of steps) {
    // The first moves bring what belongs together most of the way.
    if (step < steps[0] && best < 0.84) return best;
    for (let improved = true; improved;) {
      improved = false;
      for (let edge = 0; edge < 4; edge++) {
        for (const move of [-step, step]) {
          const moved = [...window] as [number, number, number, number];
          moved[edge] = Math.min(1, Math.max(0, moved[edge] + move));
          if (moved[2] - moved[0] < 0.5 || moved[3] - moved[1] < 0.5) continue;
          const found = correlate(part, whole, moved);
          if (found > best + 1e-4) [best, window, improved] = [found, moved, true];
        }
      }
    }
  }
  return best;
}

function correlate(part: Float64Array, whole: Uint8Array, [left, top, right, bottom]: Window): number {
  const across = Array.from({ length: side }, (_, x) => sourceOf(x, left, right));
  let [sum, squares, product] = [0, 0, 0];
  for (let y = 0; y < side; y++) {
    const { at: y0, share: fy } = sourceOf(y, top, bottom);
    for (let x = 0; x < side; x++) {
      const { at: x0, share: fx } = across[x];
      const at = y0 * side + x0;
      const upper = whole[at] + (whole[at + 1] - whole[at]) * fx;
      const lower = whole[at + side] + (whole[at + side + 1] - whole[at + side]) * fx;
      const value = upper + (lower - upper) * fy;
      sum += value;
      squares += value * value;
      product += value * part[y * side + x];
    }
  }
  const count = side * side;
  const length = squares - (sum * sum) / count;
  return length < count ? 0 : product / Math.sqrt(length);
}
