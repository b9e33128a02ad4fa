/** Making and keeping the split of a dataset. */
import type { SplitFractions } from '../contract/datasets.ts';
import { AppError } from '../contract/errors.ts';
import type { Split } from '../contract/vocabulary.ts';
import { checkFractions, drawSplit } from '../datasets/split.ts';
import type { Project } from '../project/project.ts';
import {
  type LabelledImage,
  assignSplits,
  listLabelled,
  readSplitOrigin,
  usedSplits,
  writeSplitOrigin,
} from '../project/splits.ts';
import { inTransaction } from '../project/transaction.ts';

/** What is drawn when the folders say nothing. */
export const defaultFractions: SplitFractions = { train: 0.7, validation: 0.15, test: 0.15 };
export const defaultSplitSeed = 1;

/**
 * Draws a split of all labelled images and stores it in place of the one before.
 * @throws AppError DATASET_SPLIT_INVALID
 */
export function makeSplit(project: Project, fractions: SplitFractions, seed: number): void {
  checkFractions(fractions);
  const images = listLabelled(project.database);
  if (images.length === 0)
    throw new AppError('DATASET_SPLIT_INVALID', { reason: 'there are no labelled images' });
  store(project, drawSplit(images, fractions, seed), fractions, seed);
}

function store(
  project: Project,
  splits: ReadonlyMap<number, Split>,
  fractions: SplitFractions,
  seed: number,
): void {
  inTransaction(project.database, () => {
    assignSplits(project.database, splits);
    writeSplitOrigin(project.database, { origin: 'seeded', seed, fractions });
  });
}

/**
 * Sees to the split after an import: notes that folders gave it, draws the usual one when nothing did, and gives
 * images that came later to the parts of a drawn one without moving any other.
 */
export function settleSplit(project: Project): void {
  const { database } = project;
  const { origin, seed, fractions } = readSplitOrigin(database);
  if (origin === 'seeded') {
    extendSplit(project, fractions ?? defaultFractions, seed ?? defaultSplitSeed);
  } else if (usedSplits(database).length > 0) {
    if (origin === 'none') writeSplitOrigin(database, { origin: 'folders', seed: null, fractions: null });
  } else if (listLabelled(database).length > 0) {
    makeSplit(project, defaultFractions, defaultSplitSeed);
  }
}

function extendSplit(project: Project, fractions: SplitFractions, seed: number): void {
  const images = listLabelled(project.database);
  const fresh = images.filter((image) => image.split === null);
  if (fresh.length === 0) return;
  const kept = new Map(
    images.flatMap((image) => (image.split === null ? [] : [[keyOf(image), image.split]])),
  );
  const drawn = drawSplit(
    fresh.filter((image) => !kept.has(keyOf(image))),
    fractions,
    seed,
  );
  // A copy of an image that has its place goes where that is.
  for (const image of fresh) {
    const split = kept.get(keyOf(image));
    if (split !== undefined) drawn.set(image.id, split);
  }
  store(project, drawn, fractions, seed);
}

function keyOf(image: LabelledImage): string {
  return `${image.classId}/${image.hash}`;
}

/**
 * Takes part of the training images for validation, where folders gave none. Training keeps at least one of each
 * class; the test images stay untouched.
 * @throws AppError DATASET_SPLIT_INVALID when there is a validation split already, or nothing to take from
 */
export function carveValidation(project: Project, fraction: number, seed: number): void {
  const { database } = project;
  if (usedSplits(database).includes('validation')) {
    throw new AppError('DATASET_SPLIT_INVALID', { reason: 'there is a validation split already' });
  }
  const training = listLabelled(database).filter((image) => image.split === 'train');
  if (training.length === 0)
    throw new AppError('DATASET_SPLIT_INVALID', { reason: 'there are no training images' });
  const splits = drawSplit(training, { train: 1 - fraction, validation: fraction, test: 0 }, seed);
  inTransaction(database, () => assignSplits(database, splits));
}
