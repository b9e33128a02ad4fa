/** Tells whether a picture is a part of another: lays one over the other and compares, wherever it fits best. */
import { type Orientation, placeBefore } from '../measure/orientation.ts';
import { type Window, greySide, sourceOf } from '../measure/perceptual-hash.ts';

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

/** A grey picture, turned and mirrored. */
export function turnGrey(grey: Uint8Array, orientation: Orientation): Uint8Array {
  return grey.map((_, at) => grey[placeBefore(orientation, at % side, Math.floor(at / side), side)]);
}

/** How far the edges of a window are moved in search of a better fit, as fractions of the side. */
const steps = [0.04, 0.02, 0.01];

/** Where a picture fits best, and how well: correlations of −1 to 1. */
export interface Alignment {
  readonly window: Window;
  readonly correlation: number;
}

/**
 * Finds the part of a picture that another fits best, near a first guess.
 * @param part the other picture, normalised
 * @param whole grey values
 * @param guess where it may have been cut from
 */
export function align(part: Float64Array, whole: Uint8Array, guess: Window): Alignment {
  let window = [...guess] as [number, number, number, number];
  let best = correlate(part, whole, window);
  // Hopeless guesses are most of them.
  if (best < 0.7) return { window, correlation: best };
  for (const step of steps) {
    // The first moves bring what belongs together most of the way.
    if (step < steps[0] && best < 0.84) break;
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
  return { window, correlation: best };
}

/** Side of the neighbourhood whose mean is taken away: what is left are edges and texture. */
const neighbourhood = 5;

/**
 * How well the details agree: two pictures of different cups may have the same large shapes, but not the same edges.
 * @returns the correlation of what is left without the local means
 */
export function detailCorrelation(part: Uint8Array, whole: Uint8Array, window: Window): number {
  const a = normalise(details(Float64Array.from(part)));
  const b = normalise(details(sampleWindow(whole, window)));
  if (a === null || b === null) return 0;
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}

function details(values: Float64Array): Float64Array {
  const reach = (neighbourhood - 1) / 2;
  const across = new Float64Array(values.length);
  const result = new Float64Array(values.length);
  const mean = (from: Float64Array, at: number, place: number, stride: number): number => {
    const first = Math.max(0, place - reach);
    const last = Math.min(side - 1, place + reach);
    let sum = 0;
    for (let other = first; other <= last; other++) sum += from[at + (other - place) * stride];
    return sum / (last - first + 1);
  };
  for (let at = 0; at < values.length; at++) across[at] = mean(values, at, at % side, 1);
  for (let at = 0; at < values.length; at++) {
    result[at] = values[at] - mean(across, at, Math.floor(at / side), side);
  }
  return result;
}

function sampleWindow(whole: Uint8Array, [left, top, right, bottom]: Window): Float64Array {
  const result = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    const { at: y0, share: fy } = sourceOf(y, top, bottom);
    for (let x = 0; x < side; x++) {
      const { at: x0, share: fx } = sourceOf(x, left, right);
      const at = y0 * side + x0;
      const upper = whole[at] + (whole[at + 1] - whole[at]) * fx;
      const lower = whole[at + side] + (whole[at + side + 1] - whole[at + side]) * fx;
      result[y * side + x] = upper + (lower - upper) * fy;
    }
  }
  return result;
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
