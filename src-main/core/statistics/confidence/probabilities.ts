/** Probabilities from a model's scores, in double precision. */

/** Scores of photos before softmax or sigmoid, and what the photos are. */
export interface ScoredPhotos {
  /** `[photos, outputs]`, one row after another. */
  readonly scores: ArrayLike<number>;
  /** 1: one sigmoid output, whose classes are two. */
  readonly outputs: number;
  /** True class of each photo. */
  readonly labels: ArrayLike<number>;
}

/** Classes that so many outputs tell apart. */
export function classesOf(outputs: number): number {
  return outputs === 1 ? 2 : outputs;
}

/**
 * Logarithms of the probabilities of one photo: of `softmax(z / T)`, or of `[1 − σ(z / T), σ(z / T)]` for one output.
 * @param into `classes` numbers
 */
export function logProbabilities(
  { scores, outputs }: Pick<ScoredPhotos, 'scores' | 'outputs'>,
  photo: number,
  temperature: number,
  into: Float64Array,
): Float64Array {
  if (outputs === 1) {
    const z = scores[photo] / temperature;
    into[0] = -softplus(z);
    into[1] = -softplus(-z);
    return into;
  }
  const start = photo * outputs;
  let most = -Infinity;
  for (let at = 0; at < outputs; at++) most = Math.max(most, scores[start + at]);
  let sum = 0;
  for (let at = 0; at < outputs; at++) {
    into[at] = (scores[start + at] - most) / temperature;
    sum += Math.exp(into[at]);
  }
  const log = Math.log(sum);
  for (let at = 0; at < outputs; at++) into[at] -= log;
  return into;
}

/** `log(1 + eˣ)` without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Probabilities of every photo, `[photos, classes]`. @param temperature 1: as the model was trained */
export function probabilitiesOf(
  { scores, outputs }: Pick<ScoredPhotos, 'scores' | 'outputs'>,
  temperature = 1,
): Float64Array {
  const classes = classesOf(outputs);
  const photos = scores.length / outputs;
  const all = new Float64Array(photos * classes);
  for (let photo = 0; photo < photos; photo++) {
    const row = all.subarray(photo * classes, (photo + 1) * classes);
    logProbabilities({ scores, outputs }, photo, temperature, row);
    for (let at = 0; at < classes; at++) row[at] = Math.exp(row[at]);
  }
  return all;
}

/** The class of the greatest probability of each photo, the first of equal ones. */
export function answersOf(probabilities: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, photo) => {
    let best = 0;
    for (let at = 1; at < classes; at++)
      if (probabilities[photo * classes + at] > probabilities[photo * classes + best]) best = at;
    return best;
  });
}
