/** The embedding map as the page keeps it: flat arrays, one place per photo. */
import type { Change, EmbeddingMap, MapMarks } from '../../../src-main/contract/app/index.ts';
import { photoFlags, splitNames, unpackIds } from '../../../src-main/contract/app/index.ts';
import { rangeTest } from '../../shared/project/photo-changes.ts';

/** Where each photo is. */
export interface MapPoints {
  readonly version: string;
  readonly ids: Int32Array;
  /** From 0 to 1. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** What is known of each photo, in the order of the points. */
export interface PointMarks {
  /** Class ids; −1 without a label. */
  readonly classes: Int32Array;
  /** Places in `splitNames`; −1 in none. */
  readonly splits: Int32Array;
  /** Class ids that were predicted; −1 without. */
  readonly predictions: Int32Array;
  /** Bit k: found by the k-th of `checks`. */
  readonly findings: Int32Array;
  /** Bits of `photoFlags`. */
  readonly flags: Int32Array;
  readonly checks: MapMarks['checks'];
  readonly run: MapMarks['run'];
}

const side = 65_535;

/** Unpacks a map. */
export function toPoints({ version, ids, positions }: EmbeddingMap): MapPoints {
  const packed = unpackIds(positions);
  return {
    version,
    ids: unpackIds(ids),
    x: Float32Array.from(packed, (place) => (place >>> 16) / side),
    y: Float32Array.from(packed, (place) => (place & 0xffff) / side),
  };
}

/** Unpacks what is known of the photos. */
export function toMarks(marks: MapMarks): PointMarks {
  return {
    classes: unpackIds(marks.classes),
    splits: unpackIds(marks.splits),
    predictions: unpackIds(marks.predictions),
    findings: unpackIds(marks.findings),
    flags: unpackIds(marks.flags),
    checks: marks.checks,
    run: marks.run,
  };
}

/**
 * The marks after changes of an edit; null where only the services know.
 * @param ids of the photos, in the order of the marks
 */
export function marksAfter(
  marks: PointMarks,
  ids: Int32Array,
  changes: readonly Change[],
): PointMarks | null {
  const next = { ...marks };
  for (const change of changes) {
    switch (change.type) {
      case 'label':
        next.classes = written(next.classes, ids, change.images, () => change.classId ?? -1);
        break;
      case 'split':
        next.splits = written(next.splits, ids, change.images, () =>
          change.split === null ? -1 : splitNames.indexOf(change.split),
        );
        break;
      case 'excluded':
        next.flags = written(next.flags, ids, change.images, (flags) =>
          change.excluded ? flags | photoFlags.excluded : flags & ~photoFlags.excluded,
        );
        break;
      case 'dismissal':
        return null;
      default:
        break;
    }
  }
  return next;
}

function written(
  values: Int32Array,
  ids: Int32Array,
  ranges: string,
  value: (before: number) => number,
): Int32Array {
  const among = rangeTest(ranges);
  return values.map((before, at) => (among(ids[at]) ? value(before) : before));
}

/** True for photos that are left out, or gone. */
export function isHidden(marks: PointMarks, at: number): boolean {
  return marks.flags[at] !== 0;
}
