import type { CheckedPhoto } from '../../project/images/checked-photos.ts';

/**
 * Orders copies of a photo, the one to keep first: labelled before not, a training photo before one of another split
 * (so that nothing taught stays in the test), larger before smaller, then as they were added.
 */
export function leadingFirst(photos: readonly CheckedPhoto[]): CheckedPhoto[] {
  const rank = ({ classId, split }: CheckedPhoto): number =>
    classId === null ? 3 : split === 'train' ? 0 : split === null ? 2 : 1;
  return [...photos].sort(
    (a, b) => rank(a) - rank(b) || b.width * b.height - a.width * a.height || a.id - b.id,
  );
}

/** `3 photos`, `1 photo`. */
export function photoCount(count: number): string {
  return count === 1 ? '1 photo' : `${count.toLocaleString('en')} photos`;
}

/** The name of a file without its folders. */
export function fileName({ path }: CheckedPhoto): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
