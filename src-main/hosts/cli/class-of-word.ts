import { AppError } from '../../contract/shared/errors.ts';
import { nearestNames } from '../../engine/network/layer-errors.ts';

/**
 * The output that a word means: that of the class with exactly this name, else the one with this number. Classes may
 * be called 0 … 12, whose order (0, 1, 10, 11, 12, 2 …) is not that of their numbers.
 * @throws AppError MODEL_CLASS_UNKNOWN, MODEL_CLASS_NAME_UNKNOWN
 */
export function classOfWord(word: string, classes: readonly string[]): number {
  const named = classes.indexOf(word);
  if (named >= 0) return named;
  const last = classes.length - 1;
  const isNumber = /^\d+$/.test(word);
  if (isNumber && Number(word) <= last) return Number(word);
  if (isNumber) throw new AppError('MODEL_CLASS_UNKNOWN', { class: word, last });
  const nearest = nearestNames(word, classes).join(', ');
  throw new AppError('MODEL_CLASS_NAME_UNKNOWN', { class: word, nearest, last });
}
