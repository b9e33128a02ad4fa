/** The photos that labels are suggested for, with the labels they have: kept up to date by the edits themselves. */
import type { DatabaseSync } from 'node:sqlite';
import { unpackRanges } from '../../contract/shared/id-ranges.ts';
import type { Change } from '../../contract/app/edits.ts';
import { photoLabels } from '../../project/images/photo-marks.ts';

/** A photo got another label. −1 is none. */
export interface LabelChange {
  readonly id: number;
  readonly before: number;
  readonly now: number;
}

/** The place of an id in ascending ids; −1 when it is not there. */
export function placeIn(ids: Int32Array, id: number): number {
  let [low, high] = [0, ids.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] < id) low = middle + 1;
    else if (ids[middle] > id) high = middle - 1;
    else return middle;
  }
  return -1;
}

/** All photos of a project that are not left out, ascending by id. */
export class PhotoSet {
  readonly ids: Int32Array;
  readonly hashes: readonly string[];
  /** Class id of each; −1 without a label. */
  readonly labels: Int32Array;

  constructor(database: DatabaseSync) {
    const { ids, hashes, classes } = photoLabels(database);
    this.ids = Int32Array.from(ids);
    this.hashes = hashes;
    this.labels = Int32Array.from(classes, (classId) => classId ?? -1);
  }

  /** Follows changes that an edit, an undo or a redo made. @returns the labels that became others */
  follow(changes: readonly Change[]): LabelChange[] {
    return changes.flatMap((change) => {
      if (change.type !== 'label') return [];
      const now = change.classId ?? -1;
      return unpackRanges(change.images).flatMap((id) => {
        const place = placeIn(this.ids, id);
        if (place < 0 || this.labels[place] === now) return [];
        const before = this.labels[place];
        this.labels[place] = now;
        return { id, before, now };
      });
    });
  }

  /** The classes with so many photos or more that have features. @param slots −1 where there are none */
  classesWith(minPhotos: number, slots: Int32Array): Int32Array {
    const counts = new Map<number, number>();
    this.labels.forEach((label, place) => {
      if (label >= 0 && slots[place] >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
    });
    const enough = [...counts].filter(([, count]) => count >= minPhotos);
    return Int32Array.from(enough, ([id]) => id).sort();
  }
}
