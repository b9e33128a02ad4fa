/** The arithmetic of the lab: that of small grids, which the command line shares, and the same on photos. */
import type { NumberGrid as Grid, PoolKind } from '../../../../src-main/contract/app/index.ts';

export {
  type NumberGrid as Grid,
  type Padding,
  type PoolKind,
  convolve,
  padGrid,
  planAxis,
  planGrid,
  pool,
  productsOf,
  sumOf,
  windowOf,
} from '../../../../src-main/contract/app/index.ts';

/** A grey picture: `width · height` values, row after row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/**
 * Convolves a photo at stride 1. Outside it the nearest pixel counts, so that the frame of the picture does not show
 * up as an edge that is not in it; the size stays.
 */
export function convolvePlane({ width, height, values }: Plane, filter: Grid): Plane {
  const out = new Float32Array(width * height);
  const [rows, columns] = [filter.length, filter[0]?.length ?? 0];
  const [up, left] = [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)];
  for (let fy = 0; fy < rows; fy++) {
    for (let fx = 0; fx < columns; fx++) {
      const weight = filter[fy][fx];
      if (weight === 0) continue;
      for (let y = 0; y < height; y++) {
        const from = Math.min(height - 1, Math.max(0, y + fy - up)) * width;
        for (let x = 0; x < width; x++) {
          const column = Math.min(width - 1, Math.max(0, x + fx - left));
          out[y * width + x] += weight * values[from + column];
        }
      }
    }
  }
  return { width, height, values: out };
}

/** Pools a photo, window 2 × 2, stride 2; an odd last row or column is left out. */
export function poolPlane({ width, height, values }: Plane, kind: PoolKind): Plane {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + width], values[at + width + 1]];
      out[y * w + x] = kind === 'max' ? Math.max(a, b, c, d) : (a + b + c + d) / 4;
    }
  }
  return { width: w, height: h, values: out };
}

/** Moves a picture; what comes in from outside is the nearest pixel of the edge. */
export function shiftPlane({ width, height, values }: Plane, right: number, down: number): Plane {
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = Math.min(height - 1, Math.max(0, y - down)) * width;
    for (let x = 0; x < width; x++)
      out[y * width + x] = values[from + Math.min(width - 1, Math.max(0, x - right))];
  }
  return { width, height, values: out };
}
