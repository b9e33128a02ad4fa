import type { CheckContext } from './check.ts';
import type { CheckedPhoto } from '../../project/images/checked-photos.ts';

/** The labelled photos, with the places of their classes. */
export interface LabelledRows {
  readonly photos: readonly CheckedPhoto[];
  /** Place of each photo's class in `classIds`. */
  readonly labels: Int32Array;
  readonly classIds: readonly number[];
  /** Near-duplicate group of each photo: they must not vouch for each other. */
  readonly groups: Int32Array;
}

/** Photos of classes with enough of them to learn anything; classes of fewer are left out. */
export async function labelledRows(context: CheckContext, minPerClass = 10): Promise<LabelledRows> {
  const counts = Map.groupBy(context.photos, ({ classId }) => classId);
  const classIds = context.classes
    .map(({ id }) => id)
    .filter((id) => (counts.get(id)?.length ?? 0) >= minPerClass);
  const placeOf = new Map(classIds.map((id, place) => [id, place]));
  const groupOf = new Map<number, number>();
  for (const { members } of await context.groups()) {
    for (const at of members) groupOf.set(context.photos[at].id, members[0]);
  }
  const photos = context.photos.filter(({ classId }) => classId !== null && placeOf.has(classId));
  return {
    photos,
    labels: Int32Array.from(photos, ({ classId }) => placeOf.get(classId!)!),
    classIds,
    // Photos that are alone get numbers that no group has.
    groups: Int32Array.from(photos, ({ id }, at) => groupOf.get(id) ?? context.photos.length + at),
  };
}
