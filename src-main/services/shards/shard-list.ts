/** The photos that shards are made of, with label, split and group. */
import { groupPhotos } from '../../datasets/split/photo-groups.ts';
import { readGroups } from '../../project/images/near-duplicates.ts';
import { type PhotoContent, listContents } from '../../project/images/photo-contents.ts';
import type { Project } from '../../project/project.ts';
import { readGrouping } from '../project/splits.ts';

/** A photo with the number of its group: photos of one number stay in one split. */
export type GroupedContent = PhotoContent & { readonly group: number };

/** All photos that are not left out, ordered by content. */
export async function listForShards(project: Project): Promise<GroupedContent[]> {
  const photos = await listContents(project.database);
  const { groupBy: kinds, pattern, minutes } = readGrouping(project);
  const groups = groupPhotos(photos, {
    kinds,
    nearDuplicates: readGroups(project.database),
    pattern,
    minutes,
  });
  return photos.map((photo) => ({ ...photo, group: groups.get(photo.id)! }));
}

/** The first photo of each content, in order. */
export function firstOfEach<Photo extends { readonly hash: string }>(photos: readonly Photo[]): Photo[] {
  return photos.filter(({ hash }, at) => at === 0 || photos[at - 1].hash !== hash);
}
