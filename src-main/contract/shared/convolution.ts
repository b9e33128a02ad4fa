/**
 * The arithmetic of convolution and pooling on small grids, as the lab and the command line show it.
 * As in every deep-learning library, "convolution" is cross-correlation: the filter is not turned round.
 */

/** Rows of numbers, all of the same length. */
export type NumberGrid = readonly (readonly number[])[];

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
  image: NumberGrid,
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
export function padGrid(image: NumberGrid, rows: AxisPlan, columns: AxisPlan): number[][] {
  const width = columns.before + columns.input + columns.after;
  const blank = (count: number): number[][] => Array.from({ length: count }, () => zeros(width));
  const middle = image.map((row) => [...zeros(columns.before), ...row, ...zeros(columns.after)]);
  return [...blank(rows.before), ...middle, ...blank(rows.after)];
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

/** The cells that a window sees with its corner at (top, left). */
export function windowOf(
  image: NumberGrid,
  top: number,
  left: number,
  rows: number,
  columns: number,
): number[][] {
  return image.slice(top, top + rows).map((row) => row.slice(left, left + columns));
}

/** Cell by cell products of a window with a filter of the same shape. */
export function productsOf(window: NumberGrid, filter: NumberGrid): number[][] {
  return window.map((row, y) => row.map((value, x) => value * filter[y][x]));
}

/** The sum of all cells. */
export function sumOf(grid: NumberGrid): number {
  return grid.reduce((total, row) => row.reduce((sum, value) => sum + value, total), 0);
}

/**
 * Slides a filter over an image: each output is the sum of the products under it.
 * @returns `rows.output` × `columns.output` values; no rows when the filter does not fit
 */
export function convolve(
  image: NumberGrid,
  filter: NumberGrid,
  stride = 1,
  padding: Padding = 'valid',
): number[][] {
  const size = { rows: filter.length, columns: filter[0]?.length ?? 0 };
  return slide(image, size, stride, padding, (window) => sumOf(productsOf(window, filter)));
}

/** Which one value a pooling window leaves. */
export type PoolKind = 'max' | 'average';

/** The largest value or the mean of a window. */
export function poolOf(window: NumberGrid, kind: PoolKind): number {
  const values = window.flat();
  return kind === 'max' ? Math.max(...values) : sumOf(window) / values.length;
}

/** Replaces each window (size × size, no border) by its largest value or its mean. */
export function pool(image: NumberGrid, kind: PoolKind, size = 2, stride = size): number[][] {
  return slide(image, { rows: size, columns: size }, stride, 'valid', (window) => poolOf(window, kind));
}

function slide(
  image: NumberGrid,
  size: { rows: number; columns: number },
  stride: number,
  padding: Padding,
  reduce: (window: NumberGrid) => number,
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

/** The lesson's convolution: 5 × 5 with 3 × 3 gives [[12,12,17],[10,17,19],[9,6,14]]. */
export const lessonConvolution: { readonly image: NumberGrid; readonly filter: NumberGrid } = {
  image: [
    [3, 3, 2, 1, 0],
    [0, 0, 1, 3, 1],
    [3, 1, 2, 2, 3],
    [2, 0, 0, 2, 2],
    [2, 0, 0, 0, 1],
  ],
  filter: [
    [0, 1, 2],
    [2, 2, 0],
    [0, 1, 2],
  ],
};

/** The lesson's pooling: max [[.16,.14],[.11,.15]], average [[.0950,.1075],[.0600,.0775]]. */
export const lessonPooling: NumberGrid = [
  [0.03, 0.16, 0.13, 0.04],
  [0.1, 0.09, 0.14, 0.12],
  [0.05, 0.11, 0.06, 0.02],
  [0.01, 0.07, 0.15, 0.08],
];
