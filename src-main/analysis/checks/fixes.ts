/** Fixes that several checks share. */
import { packRanges } from '../../contract/shared/id-ranges.ts';
import type { Edit } from '../../contract/app/edits.ts';
import type { Fix } from './check.ts';
import type { CheckedPhoto } from '../../project/images/checked-photos.ts';

function exclude(photos: readonly CheckedPhoto[]): Edit | null {
  return photos.length === 0 ? null : { kind: 'exclude', images: packRanges(photos.map(({ id }) => id)) };
}

/** Leaves all photos of the findings out of training. */
export const excludePhotos: Fix = {
  label: 'Exclude the photos',
  edit: (findings) => exclude(findings.flatMap(({ photos }) => photos)),
};

/** Leaves all but the first photo of each finding out. */
export const keepFirst: Fix = {
  label: 'Keep one of each, exclude the others',
  edit: (findings) => exclude(findings.flatMap(({ photos }) => photos.slice(1))),
};
