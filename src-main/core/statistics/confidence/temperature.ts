/**
 * Temperature scaling: one number that all scores are divided by, so that probabilities mean what they say. It changes
 * no answer.
 * @see Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks (2017)
 */
import {
  type ScoredPhotos,
  answersOf,
  classesOf,
  logProbabilities,
  probabilitiesOf,
} from './probabilities.ts';

/** With fewer photos than these, a temperature would be a guess. */
export const minTemperaturePhotos = 30;

/** The ends of what is searched. */
const [coldest, hottest] = [0.05, 20];

/**
 * The temperature with the least cross-entropy.
 * @returns null where every photo is answered rightly: the less it is, the better would it look
 */
export function fitTemperature(photos: ScoredPhotos): number | null {
  const answers = answersOf(probabilitiesOf(photos), classesOf(photos.outputs));
  if (answers.every((answer, photo) => answer === photos.labels[photo])) return null;
  let [low, high] = [Math.log(1 / hottest), Math.log(1 / coldest)];
  // The cross-entropy is convex in 1 / T: its derivative rises, and has one zero.
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (slope(photos, Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}

/** The derivative of the summed cross-entropy by the inverse temperature. */
function slope(photos: ScoredPhotos, inverse: number): number {
  const { scores, outputs, labels } = photos;
  const classes = classesOf(outputs);
  const row = new Float64Array(classes);
  let sum = 0;
  for (let photo = 0; photo < labels.length; photo++) {
    logProbabilities(photos, photo, 1 / inverse, row);
    for (let at = 0; at < classes; at++) {
      const score = outputs === 1 ? (at === 1 ? scores[photo] : 0) : scores[photo * outputs + at];
      sum += (Math.exp(row[at]) - Number(at === labels[photo])) * score;
    }
  }
  return sum;
}

/** Mean negative logarithm of the probability of the true class; `NaN` without photos. */
export function negativeLogLikelihood(photos: ScoredPhotos, temperature = 1): number {
  const row = new Float64Array(classesOf(photos.outputs));
  let sum = 0;
  for (let photo = 0; photo < photos.labels.length; photo++)
    sum -= logProbabilities(photos, photo, temperature, row)[photos.labels[photo]];
  return sum / photos.labels.length;
}
