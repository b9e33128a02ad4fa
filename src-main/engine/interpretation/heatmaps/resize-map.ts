/** Enlarges maps. */

/** For one axis: the two source places of each target place, and the share of the second. */
function taps(from: number, to: number): { low: Int32Array; high: Int32Array; share: Float32Array } {
  const [low, high, share] = [new Int32Array(to), new Int32Array(to), new Float32Array(to)];
  for (let i = 0; i < to; i++) {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    low[i] = Math.floor(place);
    high[i] = Math.min(low[i] + 1, from - 1);
    share[i] = place - low[i];
  }
  return { low, high, share };
}

/**
 * Bilinear, pixels as areas (as OpenCV's `resize` does it by itself).
 * @param map `fromHeight · fromWidth` numbers, row by row
 */
export function resizeMap(
  map: ArrayLike<number>,
  fromHeight: number,
  fromWidth: number,
  height: number,
  width: number,
): Float32Array {
  const [rows, columns] = [taps(fromHeight, height), taps(fromWidth, width)];
  const resized = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = [rows.low[y] * fromWidth, rows.high[y] * fromWidth, rows.share[y]];
    for (let x = 0; x < width; x++) {
      const [left, right, across] = [columns.low[x], columns.high[x], columns.share[x]];
      const above = map[top + left] * (1 - across) + map[top + right] * across;
      const below = map[bottom + left] * (1 - across) + map[bottom + right] * across;
      resized[y * width + x] = above * (1 - down) + below * down;
    }
  }
  return resized;
}
