/**
 * The photos that are best labelled next: ones that the suggestions are unsure of, that many others are like, and that
 * are unlike each other. Uncertainty alone asks for odd photos first, and for the same one over and over.
 * @see Settles and Craven, An Analysis of Active Learning Strategies (2008): information density
 * @see Sener and Savarese, Active Learning for Convolutional Neural Networks: A Core-Set Approach (2018)
 */
import { permutation, stream } from '../../../core/random/random.ts';
import { normaliseRows } from '../../../core/statistics/confidence/nearest.ts';
import type { FeatureRows } from '../../../datasets/tiles/feature-rows.ts';

/** Photos in the queue; by the time that they are labelled, there is another one. */
const maxQueued = 50;
/** The most promising photos, of which the queue is chosen. */
const maxCandidates = 500;
/** Photos that stand for all when it is asked how many are like one. */
const maxSample = 200;

type Reader = Pick<FeatureRows, 'dimension' | 'read'>;

/** Rows of features without their mean, each of length 1. */
interface Directions {
  readonly data: Float32Array;
  readonly length: number;
}

/** What the queue is chosen from. */
export interface QueueTask {
  /** Rows without a label. */
  readonly rows: Int32Array;
  /** How unsure the suggestion of each row is, 0–1: 1 less the lead of its likeliest class over the next. */
  readonly doubts: Float32Array;
  readonly seed: number;
}

/** Rows in the order in which they had better be labelled, 50 at most. */
export async function queueRows(reader: Reader, { rows, doubts, seed }: QueueTask): Promise<Int32Array> {
  const order = Int32Array.from(rows.keys()).sort((a, b) => doubts[b] - doubts[a]);
  const candidates = order.subarray(0, maxCandidates);
  const sample = permutation(rows.length, stream(seed, 'sample')).subarray(0, maxSample);
  const read = [...candidates, ...sample];
  const directions = await directionsOf(
    reader,
    read.map((at) => rows[at]),
  );
  const worth = Float64Array.from(candidates, (at, place) => {
    let likeness = 0;
    for (let other = candidates.length; other < read.length; other++)
      likeness += Math.max(0, cosine(directions, place, other));
    return doubts[at] * likeness;
  });
  return spread(directions, worth, []).map((place) => rows[candidates[place]]);
}

/**
 * The same before anything can be suggested: photos that are unlike all that have a label, and unlike each other.
 * @param labelled rows that have a label
 */
export async function firstRows(
  reader: Reader,
  rows: Int32Array,
  labelled: Int32Array,
  seed: number,
): Promise<Int32Array> {
  const candidates = permutation(rows.length, stream(seed, 'first')).subarray(0, maxCandidates);
  const known = labelled.subarray(0, maxSample);
  const directions = await directionsOf(reader, [...Array.from(candidates, (at) => rows[at]), ...known]);
  const worth = new Float64Array(candidates.length).fill(1);
  const places = Array.from(known, (_, at) => candidates.length + at);
  return spread(directions, worth, places).map((place) => rows[candidates[place]]);
}

async function directionsOf(reader: Reader, rows: readonly number[]): Promise<Directions> {
  const { dimension: length } = reader;
  const data = await reader.read(rows);
  const mean = new Float64Array(length);
  for (let at = 0; at < data.length; at++) mean[at % length] += data[at] / rows.length;
  for (let at = 0; at < data.length; at++) data[at] -= mean[at % length];
  return { data: normaliseRows(data, length), length };
}

function cosine({ data, length }: Directions, a: number, b: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += data[a * length + at] * data[b * length + at];
  return sum;
}

/**
 * Takes places one after the other, each time the one of the greatest worth × distance to the nearest that was taken.
 * @param worth of the places from 0 on
 * @param taken places that count as taken from the beginning
 */
function spread(directions: Directions, worth: Float64Array, taken: readonly number[]): Int32Array {
  const distance = new Float64Array(worth.length).fill(taken.length === 0 ? 1 : 2);
  const take = (place: number): void => {
    for (let other = 0; other < worth.length; other++)
      distance[other] = Math.min(distance[other], 1 - cosine(directions, place, other));
  };
  taken.forEach(take);
  const isQueued = new Uint8Array(worth.length);
  return Int32Array.from({ length: Math.min(maxQueued, worth.length) }, () => {
    let best = -1;
    for (let place = 0; place < worth.length; place++) {
      if (isQueued[place] === 1) continue;
      if (best < 0 || worth[place] * distance[place] > worth[best] * distance[best]) best = place;
    }
    isQueued[best] = 1;
    take(best);
    return best;
  });
}
