/** Nearest neighbours among rows of few dimensions: exact, by looking at all, each only as far as it can still win. */
import type { Rows } from './reduce.ts';

/** For each asked row its nearest others, the nearest first. */
export interface Neighbours {
  /** Neighbours per row. */
  readonly each: number;
  /** `[asked, each]`, places in `among`; −1 where there are not so many. */
  readonly places: Int32Array;
  /** `[asked, each]`, Euclidean distances. */
  readonly distances: Float32Array;
}

/** Dimensions that are compared before it is seen whether a row can still be among the nearest. */
const firstDimensions = 8;

/**
 * Finds the nearest rows.
 * @param asked rows whose neighbours are wanted
 * @param among rows that may be neighbours; a row is none of its own
 * @param onProgress called now and then with the number of rows done
 */
export function nearestRows(
  { data, dimension }: Rows,
  asked: Int32Array,
  among: Int32Array,
  each: number,
  onProgress: (done: number) => void = () => undefined,
): Neighbours {
  // Side by side in memory, whatever rows they are.
  const others = new Float32Array(among.length * dimension);
  among.forEach((row, place) =>
    others.set(data.subarray(row * dimension, (row + 1) * dimension), place * dimension),
  );
  const places = new Int32Array(asked.length * each).fill(-1);
  const squares = new Float32Array(asked.length * each).fill(Infinity);
  const early = Math.min(firstDimensions, dimension);
  const own = new Float32Array(dimension);
  for (let at = 0; at < asked.length; at++) {
    own.set(data.subarray(asked[at] * dimension, (asked[at] + 1) * dimension));
    const from = at * each;
    const last = from + each - 1;
    for (let place = 0, start = 0; place < among.length; place++, start += dimension) {
      let sum = 0;
      for (let d = 0; d < early; d++) {
        const difference = own[d] - others[start + d];
        sum += difference * difference;
      }
      if (sum >= squares[last] || among[place] === asked[at]) continue;
      for (let d = early; d < dimension; d++) {
        const difference = own[d] - others[start + d];
        sum += difference * difference;
      }
      if (sum >= squares[last]) continue;
      let to = last;
      for (; to > from && squares[to - 1] > sum; to--) {
        squares[to] = squares[to - 1];
        places[to] = places[to - 1];
      }
      squares[to] = sum;
      places[to] = place;
    }
    if (at % 100 === 99) onProgress(at + 1);
  }
  return { each, places, distances: squares.map(Math.sqrt) };
}
