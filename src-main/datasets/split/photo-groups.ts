/**
 * Photos that show the same thing: near-duplicates, bursts, one session, one folder. A group never crosses splits, or
 * the test would ask what was taught.
 */
import { AppError } from '../../contract/shared/errors.ts';
import { UnionFind } from '../../core/statistics/union-find.ts';

/** What makes photos a group. */
export type GroupKind = 'near-duplicates' | 'burst' | 'folder' | 'file-name' | 'capture-time';

/** What grouping needs to know of a photo. */
export interface GroupedPhoto {
  readonly id: number;
  readonly hash: string;
  readonly sourceId: number;
  /** Path inside the source, with forward slashes. */
  readonly path: string;
  /** ISO 8601, or null. */
  readonly takenAt: string | null;
  readonly camera: string | null;
}

/** How to group. */
export interface GroupOptions {
  readonly kinds: readonly GroupKind[];
  /** Near-duplicate group by content hash. */
  readonly nearDuplicates: ReadonlyMap<string, number>;
  /**
   * For `file-name`: a regular expression whose first group (or whole match) of the file's name is its group. Without
   * it, the name up to its last number.
   */
  readonly pattern?: string | undefined;
  /** For `capture-time`: photos less than this apart belong together. */
  readonly minutes?: number | undefined;
}

const burstSeconds = 3;
const sessionMinutes = 5;

/**
 * Groups photos by every kind asked for; what is linked by one is linked by all. Equal contents are always together.
 * @returns a group number by image id, the same numbers for the same photos in whatever order
 * @throws AppError INPUT_INVALID for a pattern that is no regular expression
 */
export function groupPhotos(photos: readonly GroupedPhoto[], options: GroupOptions): Map<number, number> {
  const sets = new UnionFind(photos.length);
  const byKey = (keyOf: (photo: GroupedPhoto) => string | null): void => {
    const first = new Map<string, number>();
    photos.forEach((photo, at) => {
      const key = keyOf(photo);
      if (key === null) return;
      const known = first.get(key);
      if (known === undefined) first.set(key, at);
      else sets.join(known, at);
    });
  };
  byKey((photo) => photo.hash);
  for (const kind of new Set(options.kinds)) {
    if (kind === 'near-duplicates') {
      byKey(({ hash }) => options.nearDuplicates.get(hash)?.toString() ?? null);
    } else if (kind === 'folder') byKey((photo) => `${photo.sourceId}/${folderOf(photo.path)}`);
    else if (kind === 'file-name') byKey(fileNameKey(options.pattern));
    else if (kind === 'capture-time') joinByTime(photos, sets, 60 * (options.minutes ?? sessionMinutes));
    else {
      joinByTime(photos, sets, burstSeconds);
      byKey(frameKey);
    }
  }
  return new Map(photos.map((photo, at) => [photo.id, sets.find(at)]));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function fileNameKey(pattern: string | undefined): (photo: GroupedPhoto) => string | null {
  if (pattern === undefined) {
    return ({ sourceId, path }) => {
      const match = /^(.*?)\d+\D*$/.exec(stemOf(nameOf(path)));
      return match === null || match[1] === '' ? null : `${sourceId}/${folderOf(path)}/${match[1]}`;
    };
  }
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (error) {
    const detail = `“${pattern}” is no regular expression`;
    throw new AppError('INPUT_INVALID', { detail }, { cause: error });
  }
  return ({ path }) => {
    const match = expression.exec(nameOf(path));
    return match === null ? null : (match[1] ?? match[0]);
  };
}

function stemOf(name: string): string {
  return name.replace(/\.[a-z0-9]+$/i, '');
}

/** Names that cameras and video tools give to frames of one sequence: `clip7_frame_0012`, `IMG_1_BURST003`. */
function frameKey({ sourceId, path }: GroupedPhoto): string | null {
  const match = /^(.*?(?:burst|frame|seq))[-_. ]*\d+/i.exec(stemOf(nameOf(path)));
  return match === null ? null : `${sourceId}/${folderOf(path)}/${match[1].toLowerCase()}`;
}

/** Joins photos of one camera that were taken within some seconds of the one before. */
export function joinByTime(
  photos: readonly Pick<GroupedPhoto, 'camera' | 'takenAt'>[],
  sets: Pick<UnionFind, 'join'>,
  seconds: number,
): void {
  const timed = photos
    .map((photo, at) => ({ at, camera: photo.camera ?? '', time: secondsOf(photo.takenAt) }))
    .filter((one) => !Number.isNaN(one.time))
    .sort((a, b) => (a.camera < b.camera ? -1 : a.camera > b.camera ? 1 : a.time - b.time));
  for (let i = 1; i < timed.length; i++) {
    const [before, now] = [timed[i - 1], timed[i]];
    if (before.camera === now.camera && now.time - before.time <= seconds) sets.join(before.at, now.at);
  }
}

function secondsOf(takenAt: string | null): number {
  // Cameras do not know their zone; differences are all that counts.
  return takenAt === null ? Number.NaN : Date.parse(`${takenAt}Z`) / 1000;
}
