/**
 * Does a heatmap point at what matters? Pixels are taken out of the photo (or put back into a blurred one) in the
 * order of the map; the more it is right about, the faster the probability falls (or rises), faster than in random
 * order.
 * @see Petsiuk, Das, Saenko: RISE: Randomized Input Sampling for Explanation of Black-box Models, BMVC 2018, section 4.3
 */
import type * as tfjs from '@tensorflow/tfjs';
import { permutation, stream } from '../../../core/random/random.ts';
import type { PlainHeatmap } from './heatmap-method.ts';
import { type MaskedPhotos, greyPhoto, maskedPhotos } from './masked-photos.ts';
import { blurred } from '../patterns/pattern-step.ts';
import { resizeMap } from './resize-map.ts';
import type { Subject, Work } from '../subject.ts';

/** One curve with its counterpart in random order. */
export interface PlainCurve {
  readonly shares: number[];
  readonly probabilities: number[];
  readonly random: number[];
  /** Mean height of each. */
  readonly area: number;
  readonly randomArea: number;
}

/** Points of a curve, the one at 0 not counted. */
const points = 13;
/** Random orders whose mean is compared with. */
const randomOrders = 2;
/** Side of the blocks that random orders are made of, as the map is coarse too. */
const block = 14;

/** Masks for the first 0, 1/13, … of the places in the order of `ranking`, greatest first. */
function growingMasks(ranking: Float32Array, inside: 0 | 1): Float32Array[] {
  const order = Array.from(ranking.keys()).sort((a, b) => ranking[b] - ranking[a] || a - b);
  return Array.from({ length: points + 1 }, (_, step) => {
    const mask = new Float32Array(ranking.length).fill(1 - inside);
    const end = Math.round((order.length * step) / points);
    for (let i = 0; i < end; i++) mask[order[i]] = inside;
    return mask;
  });
}

function randomRanking(size: number, seed: number): Float32Array {
  const order = permutation(block * block, stream(seed, 'random-curve'));
  const ranking = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = Math.floor((y * block) / size) * block + Math.floor((x * block) / size);
      ranking[y * size + x] = order[cell];
    }
  }
  return ranking;
}

/** Area under points at even distances, by trapezoids. */
function areaUnder(values: readonly number[]): number {
  const inner = values.slice(1, -1).reduce((sum, value) => sum + value, 0);
  return (inner + (values[0] + values.at(-1)!) / 2) / (values.length - 1);
}

interface Asking {
  readonly photos: MaskedPhotos;
  readonly substitute: tfjs.Tensor4D;
  readonly work: Work;
  readonly report: (photos: number) => void;
}

async function curve(
  request: Asking,
  ranking: Float32Array,
  size: number,
  inside: 0 | 1,
): Promise<PlainCurve> {
  const ask = async (order: Float32Array): Promise<number[]> => {
    const { photos, substitute, work, report } = request;
    const answers = await photos.ask(substitute, growingMasks(order, inside), {
      ...work,
      onProgress: undefined,
    });
    report(answers.length);
    return answers;
  };
  const probabilities = await ask(ranking);
  const others: number[][] = [];
  for (let i = 0; i < randomOrders; i++) others.push(await ask(randomRanking(size, i)));
  const random = probabilities.map(
    (_, place) => others.reduce((sum, other) => sum + other[place], 0) / randomOrders,
  );
  const shares = probabilities.map((_, step) => step / points);
  return { shares, probabilities, random, area: areaUnder(probabilities), randomArea: areaUnder(random) };
}

/**
 * Deletion and insertion curves of a heatmap.
 * @param pixels `[1, size, size, channels]`, 0–255
 * @param wanted the class
 * @throws AppError CANCELLED
 */
export async function heatmapCurves(
  subject: Subject,
  pixels: tfjs.Tensor4D,
  heatmap: PlainHeatmap,
  wanted: number,
  work: Work,
): Promise<{ deletion: PlainCurve; insertion: PlainCurve }> {
  const { imageSize: size, backend } = subject;
  const ranking = resizeMap(heatmap.map, heatmap.height, heatmap.width, size, size);
  const photos = maskedPhotos(subject, pixels, wanted);
  const grey = greyPhoto(subject);
  const blurry = backend.tf.tidy(() => blurred(backend.tf, pixels, size / 20));
  const total = 2 * (1 + randomOrders) * (points + 1);
  let done = 0;
  const report = (count: number): void => work.onProgress?.((done += count), total);
  try {
    const deletion = await curve({ photos, substitute: grey, work, report }, ranking, size, 1);
    const insertion = await curve({ photos, substitute: blurry, work, report }, ranking, size, 0);
    return { deletion, insertion };
  } finally {
    photos.dispose();
    backend.tf.dispose([grey, blurry]);
  }
}
