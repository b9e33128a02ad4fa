/** All checks, those that spoil results first. Adding one is adding its file and its line. */
import { AppError } from '../contract/errors.ts';
import { blur } from './blur.ts';
import type { Check } from './check.ts';
import { classImbalance } from './class-imbalance.ts';
import { conflictingLabels } from './conflicting-labels.ts';
import { dark } from './dark.ts';
import { exactDuplicates } from './exact-duplicates.ts';
import { greyAmongColour } from './grey-among-colour.ts';
import { labelErrors } from './label-errors.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { oddAspect } from './odd-aspect.ts';
import { outliers } from './outliers.ts';
import { overexposed } from './overexposed.ts';
import { shortcut } from './shortcut.ts';
import { splitLeakage } from './split-leakage.ts';
import { tiny } from './tiny.ts';
import { tooFewPhotos } from './too-few-photos.ts';
import { unreadable } from './unreadable.ts';

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
