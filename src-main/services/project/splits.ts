/** Making and keeping the split of a dataset. */
import { z } from 'zod';
import type { SplitFractions } from '../../contract/app/datasets.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { packRanges } from '../../contract/shared/id-ranges.ts';
import type { Edit } from '../../contract/app/edits.ts';
import { type Split, splitNames } from '../../contract/shared/vocabulary.ts';
import { type GroupKind, groupPhotos } from '../../datasets/split/photo-groups.ts';
import { type SplitItem, checkFractions, drawSplit } from '../../datasets/split/split.ts';
import { type JournalStep, applyEdit, bumpRevision } from '../../project/edits/journal.ts';
import { readGroups } from '../../project/images/near-duplicates.ts';
import type { Project } from '../../project/project.ts';
import { readSetting } from '../../project/database/settings.ts';
import {
  type LabelledImage,
  assignSplits,
  listLabelled,
  readSplitOrigin,
  usedSplits,
  writeSplitOrigin,
} from '../../project/images/splits.ts';
import { jsonColumn } from '../../project/database/stored-rows.ts';
import { inTransaction } from '../../project/database/transaction.ts';

/** What is drawn when the folders say nothing. */
export const defaultFractions: SplitFractions = { train: 0.7, validation: 0.15, test: 0.15 };
export const defaultSplitSeed = 1;

/** What keeps photos in one split. */
export interface SplitGrouping {
  readonly groupBy: readonly GroupKind[];
  readonly pattern?: string | undefined;
  readonly minutes?: number | undefined;
}

/** Near-duplicates known so far, and bursts: they cost nothing, and a test with them is worth nothing. */
export const defaultGrouping: SplitGrouping = { groupBy: ['near-duplicates', 'burst'] };
const groupingSetting = 'split.groups';

type Grouped = LabelledImage & { readonly group: number };

function groupLabelled(project: Project, grouping: SplitGrouping): Grouped[] {
  const images = listLabelled(project.database);
  const { groupBy: kinds, pattern, minutes } = grouping;
  const groups = groupPhotos(images, {
    kinds,
    nearDuplicates: readGroups(project.database),
    pattern,
    minutes,
  });
  return images.map((image) => ({ ...image, group: groups.get(image.id)! }));
}

/**
 * The edit that draws a split.
 * @param options what keeps photos together; left out: the usual, as far as the classes can be divided so
 * @throws AppError DATASET_SPLIT_INVALID, INPUT_INVALID
 */
export function planSplit(
  project: Project,
  fractions: SplitFractions,
  seed: number,
  options?: SplitGrouping & { readonly keep?: boolean | undefined },
): Edit {
  checkFractions(fractions);
  const { keep = false, ...given }: Partial<SplitGrouping> & { keep?: boolean | undefined } = options ?? {};
  const grouping = given.groupBy === undefined ? defaultGrouping : { ...given, groupBy: given.groupBy };
  const images = given.groupBy === undefined ? groupAsUsual(project) : groupLabelled(project, grouping);
  if (images.length === 0)
    throw new AppError('DATASET_SPLIT_INVALID', { reason: 'there are no labelled images' });
  if (fractions.train < 1 && undividedClasses(images).size > 0) {
    const reason = 'all photos of a class belong to one group, which cannot be divided';
    throw new AppError('DATASET_SPLIT_INVALID', { reason });
  }
  const drawn = keep ? drawRest(images, fractions, seed) : drawSplit(images, fractions, seed);
  const idsOf = (name: Split): number[] => [...drawn].filter(([, split]) => split === name).map(([id]) => id);
  return {
    kind: 'draw-split',
    splits: splitNames.map((split) => ({ split, images: packRanges(idsOf(split)) })),
    seed,
    fractions,
    groups: JSON.stringify(grouping),
  };
}

/** Classes of some photos that are all one group: they cannot be both taught and tested. */
function undividedClasses(images: readonly Grouped[]): ReadonlySet<number> {
  const classes = Map.groupBy(images, ({ classId }) => classId);
  const undivided = [...classes].filter(
    ([, members]) => members.length >= 10 && members.every(({ group }) => group === members[0].group),
  );
  return new Set(undivided.map(([id]) => id));
}

/** The usual grouping; of a class that is one burst, such as one video, the photos part. Training warns of it. */
function groupAsUsual(project: Project): Grouped[] {
  let images = groupLabelled(project, defaultGrouping);
  for (const groupBy of [['near-duplicates'], []] satisfies GroupKind[][]) {
    const undivided = undividedClasses(images);
    if (undivided.size === 0) break;
    const looser = groupLabelled(project, { groupBy });
    images = images.map((image, at) => (undivided.has(image.classId) ? looser[at] : image));
  }
  return images;
}

/** The split that is drawn by default. */
export function usualSplit(project: Project): Map<number, Split> {
  return drawSplit(groupAsUsual(project), defaultFractions, defaultSplitSeed);
}

/** Classes of which photos of one burst or video are in several splits. */
export function tornClasses(project: Project): ReadonlySet<number> {
  const splitOf = new Map<number, Split>();
  const torn = new Set<number>();
  for (const { group, split, classId } of groupLabelled(project, { groupBy: ['burst'] })) {
    if (split === null) continue;
    const first = splitOf.get(group);
    if (first === undefined) splitOf.set(group, split);
    else if (first !== split) torn.add(classId);
  }
  return torn;
}

/** Gives the images without a split one; those of a group that has its place go there. */
function drawRest(images: readonly Grouped[], fractions: SplitFractions, seed: number): Map<number, Split> {
  const placed = new Map<number, Split>();
  for (const { group, split } of images) if (split !== null) placed.set(group, split);
  const drawn = new Map<number, Split>();
  const settled: (SplitItem & { split: Split })[] = [];
  const fresh: Grouped[] = [];
  for (const image of images) {
    const split = image.split ?? placed.get(image.group);
    if (split === undefined) fresh.push(image);
    else settled.push({ ...image, split });
    if (image.split === null && split !== undefined) drawn.set(image.id, split);
  }
  for (const [id, split] of drawSplit(fresh, fractions, seed, settled)) drawn.set(id, split);
  return drawn;
}

/**
 * Draws a split of all labelled images and stores it in place of the one before, as one edit.
 * @throws AppError DATASET_SPLIT_INVALID, INPUT_INVALID
 */
export function makeSplit(
  project: Project,
  fractions: SplitFractions,
  seed: number,
  options?: SplitGrouping & { readonly keep?: boolean | undefined },
): JournalStep {
  return applyEdit(project.database, planSplit(project, fractions, seed, options));
}

const groupingColumn = jsonColumn(
  z.object({
    groupBy: z.array(z.enum(['near-duplicates', 'burst', 'folder', 'file-name', 'capture-time'])),
    pattern: z.string().optional(),
    minutes: z.number().positive().optional(),
  }),
);

/** How the present split keeps photos together; the usual where that is not known. */
export function readGrouping(project: Project): SplitGrouping {
  return groupingColumn.safeParse(readSetting(project.database, groupingSetting)).data ?? defaultGrouping;
}

/**
 * Sees to the split after an import, and before a training: notes that folders gave it, draws the usual one when
 * nothing did, and gives images that came later to the parts of a drawn one without moving any other.
 * @param patient true: more photos are on their way, so the first split waits until it can be drawn without tearing a
 *   burst apart
 */
export function settleSplit(project: Project, patient = false): void {
  const { database } = project;
  const { origin, seed, fractions } = readSplitOrigin(database);
  if (origin === 'seeded') {
    extendSplit(project, fractions ?? defaultFractions, seed ?? defaultSplitSeed);
  } else if (usedSplits(database).length > 0) {
    if (origin === 'none') writeSplitOrigin(database, { origin: 'folders', seed: null, fractions: null });
  } else if (listLabelled(database).length > 0) {
    if (!patient || undividedClasses(groupLabelled(project, defaultGrouping)).size === 0) drawFirst(project);
  }
  bumpRevision(database);
}

/** Part of the import, and therefore not a separate edit. */
function drawFirst(project: Project): void {
  const splits = usualSplit(project);
  inTransaction(project.database, () => {
    assignSplits(project.database, splits);
    writeSplitOrigin(project.database, {
      origin: 'seeded',
      seed: defaultSplitSeed,
      fractions: defaultFractions,
    });
  });
}

function extendSplit(project: Project, fractions: SplitFractions, seed: number): void {
  const images = groupLabelled(project, readGrouping(project));
  if (images.every((image) => image.split !== null)) return;
  const drawn = drawRest(images, fractions, seed);
  inTransaction(project.database, () => assignSplits(project.database, drawn));
}
