/** "I don't know": limits of probability and distance for each class, so that a wanted share of right answers is kept. */
import type { Calibration, ClassRefusal } from '../../../contract/shared/calibration.ts';
import { minConformalPhotos } from './conformal.ts';

/** An answer to a photo whose class is known. */
export interface JudgedAnswer {
  readonly answer: number;
  readonly right: boolean;
  readonly probability: number;
  /** Null where distances are not measured. */
  readonly distance: number | null;
}

/**
 * Limits for each class, fitted to answers that are right; a class with too few gets those of all classes together.
 * @param keep share of right answers that is to be kept, also of photos that come later
 * @returns null where there are too few right answers
 */
export function fitRefusal(
  answers: readonly JudgedAnswer[],
  classes: number,
  keep: number,
): Calibration['refusal'] {
  const right = answers.filter((answer) => answer.right);
  const least = minConformalPhotos(keep);
  if (right.length < least) return null;
  const all = limitsOf(right, keep);
  const limits = Array.from({ length: classes }, (_, index): ClassRefusal => {
    const of = right.filter(({ answer }) => answer === index);
    return of.length < least
      ? { ...all, photos: of.length, own: false }
      : { ...limitsOf(of, keep), photos: of.length, own: true };
  });
  const isKept = (one: JudgedAnswer): boolean =>
    whyUnknown(limits[one.answer], one.probability, one.distance) === null;
  const wrong = answers.filter((answer) => !answer.right);
  return {
    keep,
    classes: limits,
    kept: right.filter(isKept).length / right.length,
    wrongRefused: wrong.length === 0 ? null : 1 - wrong.filter(isKept).length / wrong.length,
  };
}

/** Why an answer is to be "I don't know"; null where it is not. */
export function whyUnknown(
  limits: Pick<ClassRefusal, 'probability' | 'distance'>,
  probability: number,
  distance: number | null,
): 'probability' | 'distance' | null {
  if (limits.distance !== null && distance !== null && distance > limits.distance) return 'distance';
  return probability < limits.probability ? 'probability' : null;
}

/**
 * The strictest limits that refuse fewer than `⌊(n + 1)(1 − keep)⌋` of n right answers, as many by distance as by
 * probability: so few that also of later photos no more than `1 − keep` is refused, as conformal prediction has it.
 */
function limitsOf(
  right: readonly JudgedAnswer[],
  keep: number,
): Pick<ClassRefusal, 'probability' | 'distance'> {
  // A hair more: 21 · (1 − 0.95) is a little less than 1.05 in binary.
  const allowed = Math.floor((right.length + 1) * (1 - keep) + 1e-9) - 1;
  const probabilities = right.map(({ probability }) => probability).sort((a, b) => a - b);
  const measured = right.every(({ distance }) => distance !== null);
  const distances = measured ? right.map(({ distance }) => distance!).sort((a, b) => b - a) : [];
  for (let each = allowed; ; each--) {
    const limits = { probability: probabilities[each], distance: measured ? distances[each] : null };
    const refused = right.filter(
      ({ probability, distance }) => whyUnknown(limits, probability, distance) !== null,
    ).length;
    if (each === 0 || refused <= allowed) return limits;
  }
}
