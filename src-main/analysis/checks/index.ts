/** All checks, those that spoil results first. Adding one is adding its file and its line. */
import { AppError } from '../../contract/shared/errors.ts';
import { blur } from './catalogue/blur.ts';
import type { Check } from './check.ts';
import { classImbalance } from './catalogue/class-imbalance.ts';
import { conflictingLabels } from './catalogue/conflicting-labels.ts';
import { dark } from './catalogue/dark.ts';
import { exactDuplicates } from './catalogue/exact-duplicates.ts';
import { greyAmongColour } from './catalogue/grey-among-colour.ts';
import { labelErrors } from './catalogue/label-errors.ts';
import { nearDuplicates } from './catalogue/near-duplicates.ts';
import { oddAspect } from './catalogue/odd-aspect.ts';
import { outliers } from './catalogue/outliers.ts';
import { overexposed } from './catalogue/overexposed.ts';
import { shortcut } from './catalogue/shortcut.ts';
import { splitLeakage } from './catalogue/split-leakage.ts';
import { tiny } from './catalogue/tiny.ts';
import { tooFewPhotos } from './catalogue/too-few-photos.ts';
import { unreadable } from './catalogue/unreadable.ts';

export const checks: readonly Check[] = [
  splitLeakage,
  conflictingLabels,
  labelErrors,
  exactDuplicates,
  nearDuplicates,
  tooFewPhotos,
  classImbalance,
  shortcut,
  unreadable,
  blur,
  dark,
  overexposed,
  tiny,
  oddAspect,
  greyAmongColour,
  outliers,
];

/** The check of an id. @throws AppError NOT_FOUND */
export function findCheck(id: string): Check {
  const check = checks.find((one) => one.id === id);
  if (check === undefined) throw new AppError('NOT_FOUND', { what: 'check', id });
  return check;
}
