/** What a threshold on the probability of one class finds: ROC and precision–recall curves, with their areas. */
import { stream } from '../../random/random.ts';

/** What is called the class when all photos from a probability on are. */
export interface ThresholdPoint {
  readonly threshold: number;
  /** Photos of the class among them. */
  readonly right: number;
  /** Others among them. */
  readonly wrong: number;
}

/** All thresholds that differ in what they find, the highest first. */
export interface ThresholdCurve {
  readonly points: readonly ThresholdPoint[];
  /** Photos of the class, and others. */
  readonly positives: number;
  readonly negatives: number;
}

/** Orders photos by probability, the highest first. */
function orderOf(probabilities: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: probabilities.length }, (_, photo) => photo);
  return order.sort((a, b) => probabilities[b] - probabilities[a] || a - b);
}

/**
 * Counts what each threshold finds.
 * @param probabilities of the class, one for each photo
 * @param isMember whether a photo is of the class
 */
export function thresholdCurve(
  probabilities: ArrayLike<number>,
  isMember: (photo: number) => boolean,
): ThresholdCurve {
  const points: ThresholdPoint[] = [];
  let [right, wrong] = [0, 0];
  const order = orderOf(probabilities);
  order.forEach((photo, place) => {
    if (isMember(photo)) right++;
    else wrong++;
    const threshold = probabilities[photo];
    if (place + 1 === order.length || probabilities[order[place + 1]] !== threshold)
      points.push({ threshold, right, wrong });
  });
  return { points, positives: right, negatives: wrong };
}

/** Area under the ROC curve by trapezoids; null where there are only photos of the class, or none. */
export function rocArea({ points, positives, negatives }: ThresholdCurve): number | null {
  if (positives === 0 || negatives === 0) return null;
  let area = 0;
  let before = { right: 0, wrong: 0 };
  for (const point of points) {
    area += ((point.wrong - before.wrong) * (point.right + before.right)) / 2;
    before = point;
  }
  return area / (positives * negatives);
}

/** Average precision: the sum over thresholds of the gain in recall times the precision; null without photos of the class. */
export function averagePrecision({ points, positives }: ThresholdCurve): number | null {
  if (positives === 0) return null;
  let area = 0;
  let before = 0;
  for (const { right, wrong } of points) {
    area += ((right - before) * right) / (right + wrong);
    before = right;
  }
  return area / positives;
}

/** Both areas with where they may lie. */
export interface CurveAreas {
  readonly roc: number | null;
  readonly averagePrecision: number | null;
  /** With 95% confidence, by the bootstrap; null where there is no area. */
  readonly rocInterval: [number, number] | null;
  readonly averagePrecisionInterval: [number, number] | null;
}

/** Photos that all resamples draw together, at most. */
const drawnPhotos = 10_000_000;
const usualResamples = 1000;

/**
 * The areas, and their percentile intervals over samples that are drawn from the photos with replacement.
 * @see Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13
 */
export function curveAreas(
  probabilities: ArrayLike<number>,
  isMember: (photo: number) => boolean,
  seed = 1,
): CurveAreas {
  const curve = thresholdCurve(probabilities, isMember);
  const roc = rocArea(curve);
  const precision = averagePrecision(curve);
  const none = { roc, averagePrecision: precision, rocInterval: null, averagePrecisionInterval: null };
  if (roc === null || precision === null) return none;
  const found = bootstrap(probabilities, isMember, seed);
  return {
    ...none,
    rocInterval: percentiles(found.map(({ roc: area }) => area)),
    averagePrecisionInterval: percentiles(found.map(({ precision: area }) => area)),
  };
}

function bootstrap(
  probabilities: ArrayLike<number>,
  isMember: (photo: number) => boolean,
  seed: number,
): { roc: number; precision: number }[] {
  const photos = probabilities.length;
  const order = orderOf(probabilities);
  const members = Uint8Array.from(order, (photo) => Number(isMember(photo)));
  const sorted = Float64Array.from(order, (photo) => probabilities[photo]);
  const random = stream(seed, 'bootstrap');
  const times = new Uint16Array(photos);
  const resamples = Math.max(100, Math.min(usualResamples, Math.floor(drawnPhotos / photos)));
  const found: { roc: number; precision: number }[] = [];
  for (let sample = 0; sample < resamples; sample++) {
    times.fill(0);
    for (let draw = 0; draw < photos; draw++) times[Math.floor(random.next() * photos)]++;
    const areas = areasOf(sorted, members, times);
    if (areas !== null) found.push(areas);
  }
  return found;
}

/** The areas of photos that are there several times, sorted. */
function areasOf(
  sorted: Float64Array,
  members: Uint8Array,
  times: Uint16Array,
): { roc: number; precision: number } | null {
  const points: ThresholdPoint[] = [];
  let [right, wrong] = [0, 0];
  for (let place = 0; place < sorted.length; place++) {
    if (members[place] === 1) right += times[place];
    else wrong += times[place];
    if (place + 1 === sorted.length || sorted[place + 1] !== sorted[place])
      if (right + wrong > 0) points.push({ threshold: sorted[place], right, wrong });
  }
  const curve = { points, positives: right, negatives: wrong };
  const [roc, precision] = [rocArea(curve), averagePrecision(curve)];
  return roc === null || precision === null ? null : { roc, precision };
}

function percentiles(values: number[]): [number, number] | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))];
  return [at(0.025), at(0.975)];
}
