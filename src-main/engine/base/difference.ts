/** How far two engines are from each other. */

/** The largest difference of two rows; not a number where one of them has none, or other lengths. */
export function largestDifferenceOf(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i] - wanted[i]);
    if (Number.isNaN(difference)) return difference;
    largest = Math.max(largest, difference);
  }
  return largest;
}
