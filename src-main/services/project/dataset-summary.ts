import type { DatasetSummary } from '../../contract/app/datasets.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { listClasses } from '../../project/images/classes.ts';
import { countExcluded, countImages } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { countQuarantine } from '../../project/images/quarantine.ts';
import { readSplitOrigin } from '../../project/images/splits.ts';

/** The sanity-check table: images per class and split, and where the split comes from. */
export function summarise(project: Project): DatasetSummary {
  const { database } = project;
  const counts = countImages(database);
  const classes = listClasses(database).map(({ id, name, none }, index) => ({
    id,
    name,
    index,
    images: 0,
    none,
  }));
  const byId = new Map(classes.map((one) => [one.id, one]));
  const splits: SplitCounts = {};
  let [images, unlabelled, unassigned] = [0, 0, 0];
  for (const { classId, split, images: count } of counts) {
    images += count;
    const ofClass = classId === null ? undefined : byId.get(classId);
    if (ofClass === undefined) unlabelled += count;
    else {
      ofClass.images += count;
      if (split === null) unassigned += count;
      else (splits[split] ??= emptyCounts())[ofClass.name] = count;
    }
  }
  const { origin, seed } = readSplitOrigin(database);
  return {
    images,
    unlabelled,
    excluded: countExcluded(database),
    unassigned,
    quarantined: countQuarantine(database),
    classes,
    splits: inOrder(splits, classes),
    splitOrigin: origin,
    splitSeed: seed,
  };
}

/** A class may be called `constructor`. */
function emptyCounts(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

/** Every class in every split that is used, zero included: a gap must be seen. */
function inOrder(counts: SplitCounts, classes: readonly { name: string; images: number }[]): SplitCounts {
  const result: SplitCounts = {};
  for (const split of ['train', 'validation', 'test'] as const) {
    const found = counts[split];
    if (found === undefined) continue;
    result[split] = Object.fromEntries(
      classes.filter(({ images }) => images > 0).map(({ name }) => [name, found[name] ?? 0]),
    );
  }
  return result;
}
