/**
 * How many letters have to be added, removed or replaced to make one text of another (Levenshtein distance).
 * @see https://en.wikipedia.org/wiki/Levenshtein_distance#Iterative_with_two_matrix_rows
 */
export function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, before[j] + 1, row[j - 1] + 1));
    }
    before = row;
  }
  return before[b.length];
}
