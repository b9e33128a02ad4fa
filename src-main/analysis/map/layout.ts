/**
 * Where each photo lies on the map: UMAP (McInnes, Healy & Melville, 2018) by `umap-js`, on neighbours that are found
 * here. Of many photos some thousands are laid out; each of the others goes to its nearest among those.
 */
import { UMAP } from 'umap-js';
import { permutation, stream } from '../../core/random/random.ts';
import { type Neighbours, nearestRows } from './nearest-rows.ts';
import type { Rows } from './reduce.ts';

/** How a layout is made. */
export interface LayoutOptions {
  readonly seed: number;
  /** Photos that UMAP lays out; the others are placed beside them. */
  readonly maxFitted?: number;
  readonly onProgress?: (phase: string, done: number, total: number) => void;
}

/** A finished layout. */
export interface Layout {
  /** `[rows, 2]`, in no particular unit. */
  readonly positions: Float32Array;
  /** Rows that UMAP laid out. */
  readonly fitted: number;
}

/** UMAP takes time and memory in proportion to this; the map of more photos looks the same. */
export const maxFittedByDefault = 10_000;
/** Neighbours that make up the neighbourhood of a photo; UMAP's own default. */
const neighbours = 15;
/** How close points may come: more than UMAP's default, so that they can be told apart and looped. */
const minDist = 0.3;
/** Neighbours that say where a photo is placed that was not laid out. */
const guides = 6;
/** Fewer photos than this lie along their main differences: there are no neighbourhoods among them. */
const minForNeighbourhoods = 5;

/** Lays rows out in two dimensions; the same rows and seed give the same layout. */
export function layOut(rows: Rows, options: LayoutOptions): Layout {
  const { seed, maxFitted = maxFittedByDefault } = options;
  const count = rows.data.length / rows.dimension;
  const order = permutation(count, stream(seed, 'map-sample'));
  const chosen = order.subarray(0, Math.min(count, maxFitted)).slice().sort();
  const positions = new Float32Array(2 * count);
  const laid = chosen.length < minForNeighbourhoods ? spread(rows, chosen) : fit(rows, chosen, options);
  chosen.forEach((row, at) => positions.set(laid.subarray(2 * at, 2 * at + 2), 2 * row));
  if (chosen.length < count) placeOthers(rows, chosen, laid, positions, options);
  return { positions, fitted: chosen.length };
}

/** The first two dimensions: the main differences. */
function spread({ data, dimension }: Rows, chosen: Int32Array): Float32Array {
  const at = (row: number, d: number): number => (d < dimension ? data[row * dimension + d] : 0);
  return Float32Array.from({ length: 2 * chosen.length }, (_, i) => at(chosen[i >> 1], i & 1));
}

function fit(rows: Rows, chosen: Int32Array, { seed, onProgress }: LayoutOptions): Float32Array {
  const each = Math.min(neighbours, chosen.length - 1);
  const found = nearestRows(rows, chosen, chosen, each - 1, (done) =>
    onProgress?.('comparing photos', done, chosen.length),
  );
  const random = stream(seed, 'map-layout');
  const umap = new UMAP({ nNeighbors: each, minDist, random: () => random.next() });
  const { indices, distances } = withThemselves(found, chosen.length);
  umap.setPrecomputedKNN(indices, distances);
  // It looks at the number of rows only: their neighbours are known.
  const epochs = umap.initializeFit(indices);
  const embedding = umap.getEmbedding();
  beginWithMainDifferences(embedding, spread(rows, chosen), random);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    onProgress?.('laying out', epoch + 1, epochs);
  }
  return Float32Array.from({ length: 2 * chosen.length }, (_, i) => embedding[i >> 1][i & 1]);
}

/** Neighbours as `umap-js` wants them: each row is its own first one. */
function withThemselves({ each, places, distances }: Neighbours, count: number) {
  const row = <T>(own: T, of: ArrayLike<T>, at: number): T[] => [
    own,
    ...Array.from({ length: each }, (_, i) => of[at * each + i]),
  ];
  // Exact copies are a little apart: distances of 0 all round would make it average all distances for each copy.
  const apart = distances.map((distance) => Math.max(distance, 1e-6));
  return {
    indices: Array.from({ length: count }, (_, at) => row(at, places, at)),
    distances: Array.from({ length: count }, (_, at) => row(0, apart, at)),
  };
}

/**
 * Writes the starting positions in place of random ones: the main differences, so that the large picture is right and
 * groups that belong together are not torn apart (Kobak & Linderman, 2021).
 */
function beginWithMainDifferences(embedding: number[][], start: Float32Array, random: { normal(): number }) {
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  // Few photos take little room: groups that begin far apart would stay so, with nothing in between.
  const reach = Math.min(10, 0.3 * Math.sqrt(embedding.length)) / largest;
  embedding.forEach((position, at) => {
    position[0] = reach * start[2 * at] + 0.01 * random.normal();
    position[1] = reach * start[2 * at + 1] + 0.01 * random.normal();
  });
}

function placeOthers(
  rows: Rows,
  chosen: Int32Array,
  laid: Float32Array,
  positions: Float32Array,
  { seed, onProgress }: LayoutOptions,
): void {
  const isChosen = new Uint8Array(positions.length / 2);
  for (const row of chosen) isChosen[row] = 1;
  const others = Int32Array.from(isChosen.keys()).filter((row) => isChosen[row] === 0);
  const found = nearestRows(rows, others, chosen, Math.min(guides, chosen.length), (done) =>
    onProgress?.('placing photos', done, others.length),
  );
  const random = stream(seed, 'map-others');
  const extent = extentOf(laid);
  others.forEach((row, at) => {
    const [x, y] = between(found, at, laid, 0.03 * extent);
    // Copies of one photo would hide each other.
    positions[2 * row] = x + 0.0015 * extent * random.normal();
    positions[2 * row + 1] = y + 0.0015 * extent * random.normal();
  });
}

function extentOf(laid: Float32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of laid) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low;
}

/**
 * The weighted mean of the neighbours' positions. Those far from the nearest one take no part: halfway between two
 * groups there is nothing.
 */
function between(found: Neighbours, at: number, laid: Float32Array, reach: number): [number, number] {
  const { each, places, distances } = found;
  const first = at * each;
  const home = [laid[2 * places[first]], laid[2 * places[first] + 1]];
  const scale = Math.max(1e-9, distances[first + each - 1] - distances[first]);
  let [x, y, total] = [0, 0, 0];
  for (let i = first; i < first + each && places[i] >= 0; i++) {
    const [px, py] = [laid[2 * places[i]], laid[2 * places[i] + 1]];
    if (Math.hypot(px - home[0], py - home[1]) > reach) continue;
    const weight = Math.exp((-3 * (distances[i] - distances[first])) / scale);
    x += weight * px;
    y += weight * py;
    total += weight;
  }
  return [x / total, y / total];
}
