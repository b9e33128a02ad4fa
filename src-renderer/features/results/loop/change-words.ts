/** What changed from one run to another, in words. */
import type { RunChange, ShareChange } from '../../../../src-main/contract/app/index.ts';
import { changeText as text } from './text.ts';

/** `+2.5`, `−0.4`: a difference of shares in percentage points. */
export function pointsText(difference: number): string {
  const points = (100 * difference).toFixed(1);
  return difference < 0 ? points.replace('-', '−') : `+${points}`;
}

/** `+2.5 points (95%: −0.3 to +5.1)` */
export function differenceText({ difference, interval: [low, high] }: ShareChange): string {
  return text.points(pointsText(difference), pointsText(low), pointsText(high));
}

/** `0.031`; small ones as `< 0.001`. */
export function pValueText(pValue: number): string {
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}

/** Whether the runs differ by more than chance. */
export function changeVerdict({ better, worse, pValue }: RunChange): { real: boolean; sentence: string } {
  if (better + worse === 0) return { real: false, sentence: text.same };
  const real = pValue < 0.05;
  return { real, sentence: (real ? text.real : text.chance)(better, worse, pValueText(pValue)) };
}

/** What has to be known to read the figures: labels that changed, photos that do not count. */
export function changeRemarks({ before, after, relabelled, accuracy }: RunChange): string[] {
  const remarks = relabelled === 0 ? [] : [text.relabelled(relabelled)];
  if (before.tested !== null && Math.abs(before.tested - accuracy.before) > 5e-4)
    remarks.push(text.tested(before.name, before.tested, accuracy.before));
  for (const { name, missing } of [before, after]) if (missing > 0) remarks.push(text.missing(name, missing));
  return remarks;
}
