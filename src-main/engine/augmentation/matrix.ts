/** 3×3 matrices, row by row: affine maps of the plane, and linear maps of colours. */

export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

export const identityMatrix: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The product a·b: first b, then a. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const entry = (row: number, column: number): number =>
    a[3 * row] * b[column] + a[3 * row + 1] * b[column + 3] + a[3 * row + 2] * b[column + 6];
  return [
    entry(0, 0),
    entry(0, 1),
    entry(0, 2),
    entry(1, 0),
    entry(1, 1),
    entry(1, 2),
    entry(2, 0),
    entry(2, 1),
    entry(2, 2),
  ];
}

/** A matrix that acts about the point (x, y) instead of the origin. */
export function aboutPoint(matrix: Matrix3, x: number, y: number): Matrix3 {
  return multiply(multiply(translation(x, y), matrix), translation(-x, -y));
}

export function translation(x: number, y: number): Matrix3 {
  return [1, 0, x, 0, 1, y, 0, 0, 1];
}

export function scaling(x: number, y: number): Matrix3 {
  return [x, 0, 0, 0, y, 0, 0, 0, 1];
}
