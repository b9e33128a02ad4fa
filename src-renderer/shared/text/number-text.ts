/** Numbers of the lab as text: true minus signs, and the same decimals throughout one grid. */
const most = 4;

/** Places after the point that all these values need, at most four. */
export function decimalsOf(values: readonly number[]): number {
  for (let places = 0; places < most; places++) {
    if (values.every((value) => Math.abs(value - Number(value.toFixed(places))) < 1e-9)) return places;
  }
  return most;
}

/** A number with so many places; −0 is 0. */
export function numberText(value: number, places = decimalsOf([value])): string {
  const text = value.toFixed(places);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A whole grid, each value with the places that the longest needs. */
export function gridText(grid: readonly (readonly number[])[]): string[][] {
  const places = decimalsOf(grid.flat());
  return grid.map((row) => row.map((value) => numberText(value, places)));
}

/** What someone typed, with a point or a comma and any kind of minus; null when it is no number. */
export function readNumber(text: string): number | null {
  const cleaned = text.trim().replace('−', '-').replace(',', '.');
  const value = Number(cleaned);
  return cleaned === '' || !Number.isFinite(value) ? null : value;
}
