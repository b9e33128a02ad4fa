/**
 * The arithmetic of convolution and pooling on small grids and on photos, as the lab shows it.
 * As in every deep-learning library, "convolution" is cross-correlation: the filter is not turned round.
 */

/** Rows of numbers, all of the same length. */
export type Grid = readonly (readonly number[])[];

/** `valid`: the filter stays inside the picture; `same`: a border of zeros keeps the size (at stride 1). */
export type Padding = 'valid' | 'same';

/** How a window of some size walks along one side of a picture. All in cells. */
export interface AxisPlan {
  readonly input: number;
  readonly window: number;
  readonly stride: number;
  /** Zeros put before the first and after the last cell. */
  readonly before: number;
  readonly after: number;
  /** Positions of the window; 0 when it is larger than the padded input. */
  readonly output: number;
  /** Cells at the far end that no position reaches: the division had a remainder. */
  readonly leftOver: number;
}

/**
 * Plans the positions of a window along one side: output = ⌊(in − window + padding) / stride⌋ + 1, where `same` adds
 * as many zeros as make it ⌈in / stride⌉, the odd one at the end (as TensorFlow does).
 */
export function planAxis(input: number, window: number, stride: number, padding: Padding): AxisPlan {
  const wanted = Math.ceil(input / stride);
  const zeros = padding === 'same' ? Math.max(0, (wanted - 1) * stride + window - input) : 0;
  const before = Math.floor(zeros / 2);
  const room = input + zeros - window;
  const output = room < 0 ? 0 : Math.floor(room / stride) + 1;
  const leftOver = room < 0 ? input : room % stride;
  return { input, window, stride, before, after: zeros - before, output, leftOver };
}

/** The plans for both sides of a grid. */
export function planGrid(
  image: Grid,
  window: { readonly rows: number; readonly columns: number },
  stride: number,
  padding: Padding,
): { rows: AxisPlan; columns: AxisPlan } {
  return {
    rows: planAxis(image.length, window.rows, stride, padding),
    columns: planAxis(image[0]?.length ?? 0, window.columns, stride, padding),
  };
}

/** The grid with its border of zeros. */
export function padGrid(image: Grid, rows: AxisPlan, columns: AxisPlan): number[][] {
  const width = columns.before + columns.input + columns.after;
  const blank = (count: number): number[][] => Array.from({ length: count }, () => zeros(width));
  const middle = image.map((row) => [...zeros(columns.before), ...row, ...zeros(columns.after)]);
  return [...blank(rows.before), ...middle, ...blank(rows.after)];
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

/** The cells that a window sees with its corner at (top, left). */
export function windowOf(image: Grid, top: number, left: number, rows: number, columns: number): number[][] {
  return image.slice(top, top + rows).map((row) => row.slice(left, left + columns));
}

/** Cell by cell products of a window with a filter of the same shape. */
export function productsOf(window: Grid, filter: Grid): number[][] {
  return window.map((row, y) => row.map((value, x) => value * filter[y][x]));
}

/** The sum of all cells. */
export function sumOf(grid: Grid): number {
  return grid.reduce((total, row) => row.reduce((sum, value) => sum + value, total), 0);
}

/**
 * Slides a filter over an image: each output is the sum of the products under it.
 * @returns `rows.output` × `columns.output` values; no rows when the filter does not fit
 */
export function convolve(image: Grid, filter: Grid, stride = 1, padding: Padding = 'valid'): number[][] {
  const size = { rows: filter.length, columns: filter[0]?.length ?? 0 };
  return slide(image, size, stride, padding, (window) => sumOf(productsOf(window, filter)));
}

/** Which one value a pooling window leaves. */
export type PoolKind = 'max' | 'average';

/** The largest value or the mean of a window. */
export function poolOf(window: Grid, kind: PoolKind): number {
  const values = window.flat();
  return kind === 'max' ? Math.max(...values) : sumOf(window) / values.length;
}

/** Replaces each window (size × size, no border) by its largest value or its mean. */
export function pool(image: Grid, kind: PoolKind, size = 2, stride = size): number[][] {
  return slide(image, { rows: size, columns: size }, stride, 'valid', (window) => poolOf(window, kind));
}

function slide(
  image: Grid,
  size: { rows: number; columns: number },
  stride: number,
  padding: Padding,
  reduce: (window: Grid) => number,
): number[][] {
  const { rows, columns } = planGrid(image, size, stride, padding);
  if (rows.output === 0 || columns.output === 0) return [];
  const padded = padGrid(image, rows, columns);
  return Array.from({ length: rows.output }, (_, y) =>
    Array.from({ length: columns.output }, (_, x) =>
      reduce(windowOf(padded, y * stride, x * stride, size.rows, size.columns)),
    ),
  );
}

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
