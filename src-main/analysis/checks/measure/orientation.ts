/** The eight ways in which a square picture can lie: turned by quarters, mirrored, or both. */

/** How a picture lies: its sides are exchanged first if so, then it is mirrored. */
export interface Orientation {
  readonly transposed: boolean;
  readonly mirroredX: boolean;
  readonly mirroredY: boolean;
}

/** All eight, as the picture is first. */
export const orientations: readonly Orientation[] = [false, true].flatMap((transposed) =>
  [false, true].flatMap((mirroredY) =>
    [false, true].map((mirroredX) => ({ transposed, mirroredX, mirroredY })),
  ),
);

/**
 * Where the value at a place of the turned picture lies in the picture as it was.
 * @param side of the square
 * @returns the number of the place, row by row
 */
export function placeBefore(
  { transposed, mirroredX, mirroredY }: Orientation,
  x: number,
  y: number,
  side: number,
): number {
  const column = mirroredX ? side - 1 - x : x;
  const row = mirroredY ? side - 1 - y : y;
  return transposed ? column * side + row : row * side + column;
}
