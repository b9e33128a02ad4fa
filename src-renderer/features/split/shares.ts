/** The shares of the split that is there. */
import type { SplitCounts } from '../../../src-main/contract/app/index.ts';

/** What Train draws where there is no split: 70% training, 15% validation, 15% test. */
const usual: readonly [number, number] = [70, 85];
const step = 5;

/**
 * Where training ends and where validation ends, in whole steps of 5%.
 * @param splits photos of each split and class
 * @returns those of the split that is there; where there is none, those that Train would draw
 */
export function presentBorders(splits: SplitCounts): [number, number] {
  const [train, validation, test] = [splits.train, splits.validation, splits.test].map((classes) =>
    Object.values(classes ?? {}).reduce((sum, images) => sum + images, 0),
  );
  const all = train + validation + test;
  if (all === 0) return [...usual];
  const snap = (images: number): number => Math.round((100 * images) / all / step) * step;
  return [snap(train), snap(train + validation)];
}
