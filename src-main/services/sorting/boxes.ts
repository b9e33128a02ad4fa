/** What of a photo is classified, by the detections of a detector. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import { type Detection, type Detections, readDetections } from '../../datasets/label-files/megadetector.ts';

/** The whole photo, or its boxes. */
export type PartsOfPhoto =
  | { readonly kind: 'whole' }
  | {
      readonly kind: 'boxes';
      /** Classified, the surest first. */
      readonly classified: readonly Detection[];
      /** Sure enough, but of a kind that is not classified: people and vehicles. */
      readonly others: readonly Detection[];
      /** `empty`, or the category of the others, where nothing is classified. */
      readonly aside: string | null;
    };

/** Detections are megabytes; a file of more is none of them. */
const maxMebibytes = 1024;

/** The name of a photo in which nothing was found. */
export const emptyName = 'empty';

/** Reads a file of detections. @throws AppError SORT_BOXES_INVALID, FILE_UNREADABLE */
export async function readBoxes(path: string): Promise<Detections> {
  try {
    if ((await stat(path)).size > maxMebibytes * 1024 * 1024)
      throw new AppError('SORT_BOXES_INVALID', { path, reason: `it is larger than ${maxMebibytes} MiB` });
    return readDetections(await readFile(path), path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNREADABLE', { path, reason }, { cause: error });
  }
}

/**
 * Looks photos up in detections. The paths in the file may begin above or below the folder that is sorted: what stands
 * before most of them is taken off.
 */
export function partsByDetections(
  detections: Detections,
  photos: Iterable<string>,
  confidence: number,
): { partsOf: (path: string) => PartsOfPhoto; missing: number } {
  const paths = [...photos];
  const match = matchPaths(detections, new Set(paths));
  const animals = detections.categories.includes('animal');
  const parts = (path: string): PartsOfPhoto => {
    const found = match.get(path);
    const boxes = found === undefined ? null : detections.photos.get(found);
    // What the detector did not see is judged as a whole.
    if (boxes == null) return { kind: 'whole' };
    const sure = boxes
      .filter((one) => one.confidence >= confidence && one.box.width > 0 && one.box.height > 0)
      .sort((a, b) => b.confidence - a.confidence);
    const classified = sure.filter(({ category }) => !animals || category === 'animal');
    const others = sure.filter((one) => !classified.includes(one));
    const aside = classified.length > 0 ? null : (others.at(0)?.category ?? emptyName);
    return { kind: 'boxes', classified, others, aside };
  };
  return { partsOf: parts, missing: detections.photos.size - new Set(match.values()).size };
}

/** The path in the detections for each photo. */
function matchPaths({ photos: listed }: Detections, photos: ReadonlySet<string>): Map<string, string> {
  const above = commonest(listed.keys(), photos);
  const below = commonest(photos, listed);
  const match = new Map<string, string>();
  for (const photo of photos) {
    const shorter = photo.startsWith(below) ? photo.slice(below.length) : '';
    const found = [photo, above + photo, shorter].find((path) => listed.has(path));
    if (found !== undefined) match.set(photo, found);
  }
  return match;
}

/** What stands most often before a known path: `D:/card 1/` before `a/b.jpg`. */
function commonest(paths: Iterable<string>, known: { has(path: string): boolean }): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    for (let at = 0; at >= 0; at = path.indexOf('/', at) + 1 || -1) {
      if (!known.has(path.slice(at))) continue;
      const before = path.slice(0, at);
      counts.set(before, (counts.get(before) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).at(0)?.[0] ?? '';
}
