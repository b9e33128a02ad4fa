/**
 * Conformal prediction sets: the classes that a photo may be, such that a wanted share of sets holds the true one.
 * @see Sadinle, Lei and Wasserman, Least Ambiguous Set-Valued Classifiers With Bounded Error Levels (2019)
 */
import type { Calibration } from '../../../contract/shared/calibration.ts';

/** The fewest photos for which a wanted share says anything: `⌈(n + 1) · share⌉ ≤ n`. */
export function minConformalPhotos(share: number): number {
  return Math.ceil(share / (1 - share) - 1e-9);
}

/** The limit of so many probabilities of true classes: all but `⌊(n + 1)(1 − coverage)⌋` are at or above it. */
function limitOf(probabilities: number[], coverage: number): number {
  probabilities.sort((a, b) => a - b);
  const below = Math.floor((probabilities.length + 1) * (1 - coverage) + 1e-9);
  // Never the number of photos: a class has enough of them.
  return probabilities[Math.max(0, below - 1)];
}

/**
 * Fits the limit of each class to photos of that class; one with too few gets that of all photos together.
 * @param probabilities `[photos, classes]`
 * @returns null where there are too few photos
 */
export function fitSets(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  coverage: number,
): Calibration['sets'] {
  const least = minConformalPhotos(coverage);
  if (labels.length < least) return null;
  const ofTruth = Array.from(labels, (label, photo) => probabilities[photo * classes + label]);
  const together = limitOf([...ofTruth], coverage);
  const perClass = Array.from({ length: classes }, (_, index) =>
    ofTruth.filter((_probability, photo) => labels[photo] === index),
  );
  const own = perClass.map((of) => of.length >= least);
  const limits = perClass.map((of, index) => (own[index] ? limitOf(of, coverage) : together));
  let [covered, members] = [0, 0];
  for (let photo = 0; photo < labels.length; photo++) {
    const set = setOf(limits, rowOf(probabilities, photo, classes));
    members += set.length;
    if (set.includes(labels[photo])) covered++;
  }
  return { coverage, limits, own, covered: covered / labels.length, meanSize: members / labels.length };
}

/** The classes of a photo's set, the most probable first. */
export function setOf(limits: readonly number[], probabilities: readonly number[]): number[] {
  return limits
    .flatMap((limit, index) => (probabilities[index] >= limit ? [index] : []))
    .sort((a, b) => probabilities[b] - probabilities[a]);
}

function rowOf(probabilities: ArrayLike<number>, photo: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, index) => probabilities[photo * classes + index]);
}
