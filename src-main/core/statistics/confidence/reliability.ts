/** How often answers are right that a model is so and so sure of. */
import type { Reliability } from '../../../contract/shared/calibration.ts';
import { type ScoredPhotos, answersOf, classesOf, probabilitiesOf } from './probabilities.ts';
import { negativeLogLikelihood } from './temperature.ts';

/** Bins of a reliability diagram, as in the literature. */
export const reliabilityBins = 15;

/** Answers whose probability lies in one bin: above its lower end, up to its upper end. */
export interface ReliabilityBin {
  readonly photos: number;
  readonly right: number;
  /** Mean probability of the answers; 0 without any. */
  readonly confidence: number;
}

/** Counts answers by their probability, in bins of equal width from 0 to 1. */
export function reliabilityOf(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ReliabilityBin[] {
  const bins = Array.from({ length: reliabilityBins }, () => ({ photos: 0, right: 0, sum: 0 }));
  answersOf(probabilities, classes).forEach((answer, photo) => {
    const confidence = probabilities[photo * classes + answer];
    const bin = bins[Math.max(0, Math.min(reliabilityBins, Math.ceil(confidence * reliabilityBins)) - 1)];
    bin.photos++;
    bin.sum += confidence;
    if (answer === labels[photo]) bin.right++;
  });
  return bins.map(({ photos, right, sum }) => ({
    photos,
    right,
    confidence: photos === 0 ? 0 : sum / photos,
  }));
}

/** Expected calibration error: the mean gap between probability and share of right answers, by bins, each by its photos. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { photos }) => sum + photos, 0);
  if (total === 0) return 0;
  return bins.reduce((sum, { photos, right, confidence }) => {
    return sum + Math.abs(right - confidence * photos) / total;
  }, 0);
}

/** Both figures of scored photos. */
export function measureReliability(photos: ScoredPhotos, temperature = 1): Reliability {
  const probabilities = probabilitiesOf(photos, temperature);
  const bins = reliabilityOf(probabilities, photos.labels, classesOf(photos.outputs));
  return { loss: negativeLogLikelihood(photos, temperature), calibrationError: calibrationError(bins) };
}
