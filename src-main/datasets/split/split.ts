/** Dividing a dataset into training, validation and test images: seeded, and by class. */
import { AppError } from '../../contract/shared/errors.ts';
import type { SplitFractions } from '../../contract/app/datasets.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { splitNames } from '../../contract/shared/vocabulary.ts';
import { permutation, stream } from '../../core/random/random.ts';

/** What the split needs to know of a labelled image. */
export interface SplitItem {
  readonly id: number;
  readonly classId: number;
  /** Hash of the content: equal pictures stay together, or the test would ask what was taught. */
  readonly hash: string;
  /** Photos of one group stay together as well, see `groupPhotos`; without it each content is a group. */
  readonly group?: number | undefined;
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

/** Images that go into one split together. */
interface Unit {
  /** The smallest hash: the same whatever the order of the images. */
  readonly key: string;
  /** The class most of them are of. */
  readonly classId: number;
  readonly items: readonly SplitItem[];
}

/**
 * Assigns every image a split. Each class is divided alike, as far as its groups can be divided; the draw depends on
 * the seed and the images alone, not on their order.
 * @param settled images that have their split already: they count towards the parts, and are not moved
 * @returns split by image id, for `items`
 */
export function drawSplit(
  items: readonly SplitItem[],
  fractions: SplitFractions,
  seed: number,
  settled: readonly (SplitItem & { readonly split: Split })[] = [],
): Map<number, Split> {
  checkFractions(fractions);
  const rooms = new Map<number, Record<Split, number>>();
  for (const [classId, members] of groupBy([...items, ...settled], (item) => item.classId)) {
    rooms.set(classId, apportion(members.length, fractions));
  }
  for (const { classId, split } of settled) rooms.get(classId)![split]--;
  const result = new Map<number, Split>();
  for (const unit of inDrawingOrder(unitsOf(items), seed)) {
    const room = (name: Split): number =>
      unit.items.reduce((sum, { classId }) => sum + rooms.get(classId)![name], 0);
    const wanted = splitNames.filter((name) => fractions[name] > 0);
    const split = wanted.reduce((best, name) => (room(name) > room(best) ? name : best));
    for (const { id, classId } of unit.items) {
      rooms.get(classId)![split]--;
      result.set(id, split);
    }
  }
  return result;
}

function unitsOf(items: readonly SplitItem[]): Unit[] {
  // Equal pictures with different labels are a mistake in the labels, not a reason to teach the test.
  const groups = groupBy(items, (item) => item.group ?? item.hash);
  return [...groups.values()].map((members) => {
    const classes = groupBy(members, (item) => item.classId);
    const [classId] = [...classes].reduce((best, one) =>
      one[1].length > best[1].length || (one[1].length === best[1].length && one[0] < best[0]) ? one : best,
    );
    const key = members.reduce((least, { hash }) => (hash < least ? hash : least), members[0].hash);
    return { key, classId, items: members };
  });
}

/** Large groups go first, while there is room for them; the rest is shuffled. */
function inDrawingOrder(units: readonly Unit[], seed: number): Unit[] {
  const ordered: Unit[] = [];
  for (const [classId, members] of [...groupBy(units, (unit) => unit.classId)].sort(([a], [b]) => a - b)) {
    const sorted = [...members].sort((a, b) => (a.key < b.key ? -1 : 1));
    const order = permutation(sorted.length, stream(seed, 'split', classId));
    for (const at of order) ordered.push(sorted[at]);
  }
  return ordered.sort((a, b) => b.items.length - a.items.length);
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
