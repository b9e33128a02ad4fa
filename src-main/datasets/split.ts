/** Dividing a dataset into training, validation and test images: seeded, and by class. */
import { AppError } from '../contract/errors.ts';
import type { SplitFractions } from '../contract/datasets.ts';
import type { Split } from '../contract/vocabulary.ts';
import { splitNames } from '../contract/vocabulary.ts';
import { permutation, stream } from '../core/random.ts';

/** What the split needs to know of a labelled image. */
export interface SplitItem {
  readonly id: number;
  readonly classId: number;
  /** Hash of the content: equal pictures stay together, or the test would ask what was taught. */
  readonly hash: string;
}

/**
 * Checks fractions of a split.
 * @throws AppError DATASET_SPLIT_INVALID
 */
export function checkFractions(fractions: SplitFractions): void {
  const sum = fractions.train + fractions.validation + fractions.test;
  if (splitNames.some((name) => !(fractions[name] >= 0))) {
    throw new AppError('DATASET_SPLIT_INVALID', { reason: 'a fraction is negative' });
  }
  if (Math.abs(sum - 1) > 1e-6) {
    throw new AppError('DATASET_SPLIT_INVALID', { reason: `they add up to ${Math.round(sum * 1000) / 10}%` });
  }
  if (fractions.train === 0)
    throw new AppError('DATASET_SPLIT_INVALID', { reason: 'nothing is left for training' });
}

/**
 * How many of `count` go where: largest remainders, so that the parts add up. Every wanted part gets one while there
 * are enough, training first, then validation, then test.
 */
export function apportion(count: number, fractions: SplitFractions): Record<Split, number> {
  const parts = splitNames.map((name) => ({ name, exact: count * fractions[name], given: 0 }));
  for (const part of parts) part.given = Math.floor(part.exact + 1e-9);
  let left = count - parts.reduce((sum, part) => sum + part.given, 0);
  for (const part of [...parts].sort((a, b) => b.exact - b.given - (a.exact - a.given))) {
    if (left > 0 && part.exact > 0) {
      part.given++;
      left--;
    }
  }
  const wanted = parts.filter((part) => part.exact > 0);
  for (const part of wanted.slice(0, count)) {
    if (part.given > 0) continue;
    const richest = [...wanted].sort((a, b) => b.given - a.given)[0];
    richest.given--;
    part.given++;
  }
  return Object.fromEntries(parts.map((part) => [part.name, part.given])) as Record<Split, number>;
}

/**
 * Assigns every image a split. Each class is divided alike; the draw depends on the seed and the images alone, not
 * on their order.
 * @returns split by image id
 */
export function drawSplit(
  items: readonly SplitItem[],
  fractions: SplitFractions,
  seed: number,
): Map<number, Split> {
  checkFractions(fractions);
  const result = new Map<number, Split>();
  for (const [classId, members] of groupBy(items, (item) => item.classId)) {
    const groups = [...groupBy(members, (item) => item.hash)].sort(([a], [b]) => (a < b ? -1 : 1));
    const order = permutation(groups.length, stream(seed, 'split', classId));
    const shuffled = Array.from(order, (at) => groups[at][1]);
    // Groups of equal pictures go first, while there is room for them; the rest stays shuffled.
    shuffled.sort((a, b) => b.length - a.length);
    const room = apportion(members.length, fractions);
    for (const group of shuffled) {
      const split = splitNames.reduce((best, name) => (room[name] > room[best] ? name : best));
      room[split] -= group.length;
      for (const item of group) result.set(item.id, split);
    }
  }
  return result;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
