/**
 * What edits do to what the page shows. The same functions serve the guess, shown the moment a key is pressed, and the
 * answer with what really changed.
 */
import type {
  Change,
  DatasetClass,
  DatasetImage,
  EditInput,
  ImageFilter,
  PhotoSort,
} from '../../../src-main/contract/app/index.ts';
import { countRanges, unpackRanges } from '../../../src-main/contract/shared/id-ranges.ts';

/** The known details of photos, by id. */
export type KnownPhotos = ReadonlyMap<number, DatasetImage>;

type PhotoChange = Extract<Change, { images: string }>;

/** What an edit will most likely change; empty where only the services know. */
export function guessChanges(edit: EditInput, classes: readonly DatasetClass[]): Change[] {
  switch (edit.kind) {
    case 'label':
      return [{ type: 'label', images: edit.images, classId: edit.classId }];
    case 'label-as': {
      const found = classes.find(({ name }) => name === edit.name.trim());
      return found === undefined ? [] : [{ type: 'label', images: edit.images, classId: found.id }];
    }
    case 'split':
      return [{ type: 'split', images: edit.images, split: edit.split }];
    case 'exclude':
    case 'restore':
      return [{ type: 'excluded', images: edit.images, excluded: edit.kind === 'exclude' }];
    case 'comment':
      return [{ type: 'comment', images: edit.images, comment: edit.comment?.trim() || null }];
    case 'class-rename':
    case 'class-none':
      return classes
        .filter(({ id }) => id === edit.classId)
        .map((one) => ({
          type: 'class' as const,
          id: one.id,
          position: one.index,
          name: edit.kind === 'class-rename' ? edit.name.trim() : one.name,
          none: edit.kind === 'class-none' ? edit.none : one.none,
        }));
    default:
      return [];
  }
}

/** Tells whether an id is among ranges, without unpacking them. */
export function rangeTest(ranges: string): (id: number) => boolean {
  if (ranges === '') return () => false;
  const bounds = ranges.split(',').map((part) => part.split('-').map(Number));
  return (id) => {
    let [low, high] = [0, bounds.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last = first] = bounds[middle];
      if (id < first) high = middle - 1;
      else if (id > last) low = middle + 1;
      else return true;
    }
    return false;
  };
}

function changed(image: DatasetImage, change: PhotoChange): DatasetImage {
  switch (change.type) {
    case 'label':
      return { ...image, classId: change.classId };
    case 'split':
      return { ...image, split: change.split };
    case 'excluded':
      return { ...image, excluded: change.excluded };
    case 'comment':
      return { ...image, comment: change.comment };
  }
}

const isPhotoChange = (change: Change): change is PhotoChange => 'images' in change;

/** The known photos of a change. */
export function knownOf(photos: KnownPhotos, ranges: string): number[] {
  // One photo of thousands, or thousands of which a few are known.
  if (countRanges(ranges) <= photos.size) return unpackRanges(ranges).filter((id) => photos.has(id));
  const among = rangeTest(ranges);
  return [...photos.keys()].filter(among);
}

/** The photos after changes; the same map when none of them is known. */
export function photosAfter<T extends KnownPhotos>(photos: T, changes: readonly Change[]): T {
  let next: Map<number, DatasetImage> | null = null;
  for (const change of changes.filter(isPhotoChange)) {
    for (const id of knownOf(photos, change.images)) {
      next ??= new Map(photos);
      next.set(id, changed(next.get(id)!, change));
    }
  }
  return (next as T | null) ?? photos;
}

/** True when photos that undergo the change no longer fit the filter. */
function leaves(filter: ImageFilter, change: PhotoChange): boolean {
  switch (change.type) {
    case 'label':
      if (filter.unlabelled && change.classId !== null) return true;
      return filter.classId !== undefined && change.classId !== filter.classId;
    case 'split':
      return filter.split !== undefined && change.split !== filter.split;
    case 'excluded':
      return change.excluded !== (filter.excluded === true);
    case 'comment':
      return filter.commented === true && change.comment === null;
  }
}

/** The list without the photos that the changes take out of it; the same array when all stay. */
export function listAfter(ids: number[], changes: readonly Change[], filter: ImageFilter): number[] {
  return changes.filter(isPhotoChange).reduce((left, change) => {
    if (!leaves(filter, change)) return left;
    const gone = rangeTest(change.images);
    const staying = left.filter((id) => !gone(id));
    return staying.length === left.length ? left : staying;
  }, ids);
}

/** True when photos may come into the list, or move in it: only the services know where. */
export function listMustBeAsked(changes: readonly Change[], filter: ImageFilter, sort: PhotoSort): boolean {
  return changes.some((change) => {
    if (isPhotoChange(change) && leaves(filter, change)) return false;
    switch (change.type) {
      case 'label':
        return (
          filter.unlabelled === true ||
          filter.classId !== undefined ||
          filter.prediction === 'right' ||
          filter.prediction === 'wrong' ||
          sort.by === 'class'
        );
      case 'split':
        return filter.split !== undefined;
      case 'excluded':
        return true;
      case 'comment':
        return filter.commented === true;
      case 'class':
      case 'class-removed':
        return sort.by === 'class' || filter.classId !== undefined;
      default:
        return false;
    }
  });
}

/**
 * The same photos in a new order, of which those up to the current one stay where they are: what comes next may change,
 * what one looks at does not move. Photos that came or went since the order was made are no matter of it.
 */
export function reordered(
  ids: readonly number[],
  order: readonly number[],
  current: number | null,
): number[] {
  const end = current === null ? 0 : ids.indexOf(current) + 1;
  const rest = new Set(ids.slice(end));
  const known = order.filter((id) => rest.delete(id));
  return [...ids.slice(0, end), ...known, ...rest];
}
