/** The place of the greatest of some numbers, the first where several are as great; 0 where there are none. */
export function likeliest(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at] > values[best]) best = at;
  return best;
}
