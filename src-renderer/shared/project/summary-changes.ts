/** The counts after an edit, before the services have counted again. */
import type { Change, DatasetImage, DatasetSummary, Split } from '../../../src-main/contract/app/index.ts';
import { countRanges } from '../../../src-main/contract/shared/id-ranges.ts';
import { type KnownPhotos, knownOf, photosAfter } from './photo-changes.ts';

/**
 * The summary after changes. Changes of photos whose label is not known to the page leave the counts as they are.
 * @param photos the photos before the changes
 */
export function summaryAfter(
  summary: DatasetSummary,
  photos: KnownPhotos,
  changes: readonly Change[],
): DatasetSummary {
  if (changes.length === 0) return summary;
  const next = copy(summary);
  let before = photos;
  for (const change of changes) {
    if (change.type === 'class') rename(next, change);
    if (!('images' in change)) continue;
    const known = knownOf(before, change.images);
    const after = photosAfter(before, [change]);
    if (known.length === countRanges(change.images)) {
      for (const id of known) {
        tally(next, before.get(id)!, -1);
        tally(next, after.get(id)!, 1);
      }
    }
    before = after;
  }
  return next;
}

function copy(summary: DatasetSummary): DatasetSummary {
  const splits = Object.fromEntries(
    Object.entries(summary.splits).map(([split, counts]) => [split, { ...counts }]),
  );
  return { ...summary, classes: summary.classes.map((one) => ({ ...one })), splits };
}

/** Counts one photo in, or with −1 out. */
function tally(summary: DatasetSummary, image: DatasetImage, by: 1 | -1): void {
  if (image.excluded) {
    summary.excluded += by;
    return;
  }
  summary.images += by;
  const label = summary.classes.find(({ id }) => id === image.classId);
  if (label === undefined) {
    summary.unlabelled += by;
    return;
  }
  label.images += by;
  if (image.split === null) summary.unassigned += by;
  else {
    const counts = (summary.splits[image.split] ??= {});
    counts[label.name] = (counts[label.name] ?? 0) + by;
  }
}

function rename(summary: DatasetSummary, { id, name, none }: Extract<Change, { type: 'class' }>): void {
  const label = summary.classes.find((one) => one.id === id);
  if (label === undefined) return;
  for (const split of Object.keys(summary.splits) as Split[]) {
    const counts = Object.entries(summary.splits[split] ?? {});
    summary.splits[split] = Object.fromEntries(
      counts.map(([one, images]) => [one === label.name ? name : one, images]),
    );
  }
  Object.assign(label, { name, none });
}
