/** Finds the photos that a list of labels means. */
import type { LabelRow } from './label-row.ts';
import { hasImageEnding } from './scan-names.ts';

/** A photo of the project. */
export interface NamedPhoto {
  readonly id: number;
  /** Path inside its source, with forward slashes. */
  readonly path: string;
  /** Where the source lies. */
  readonly root: string;
}

/** What came of a list. */
export interface MatchedRows {
  readonly matched: readonly { readonly row: LabelRow; readonly id: number }[];
  readonly unmatched: readonly LabelRow[];
  /** Rows that fit several photos equally well. */
  readonly ambiguous: number;
}

/**
 * Matches by the end of the path: of the photos with the row's file name, the one that shares most folders with it.
 * So bare names, paths from another machine and absolute paths all work; what fits two photos alike fits none. A name
 * without an ending means the photo of that name, letter case matters only between two, and what Roboflow makes of a
 * name (`cat.jpg` → `cat_jpg.rf.0a1b….jpg`) is the same photo while there is one of it.
 */
export function matchRows(rows: readonly LabelRow[], photos: readonly NamedPhoto[]): MatchedRows {
  const index = indexPhotos(photos);
  const matched: { row: LabelRow; id: number }[] = [];
  const unmatched: LabelRow[] = [];
  let ambiguous = 0;
  for (const row of rows) {
    const found = [row.path, ...row.alternatives].map((path) => matchOne(path, index)).find(isSomething);
    if (found === undefined) unmatched.push(row);
    else if (found === 'several') ambiguous++;
    else matched.push({ row, id: found.id });
  }
  return { matched, unmatched, ambiguous };
}

function isSomething<T>(value: T | null): value is T {
  return value !== null;
}

/** Photos by their names, in small letters: whole, without ending, before Roboflow. */
interface PhotoIndex {
  readonly byName: ReadonlyMap<string, NamedPhoto[]>;
  readonly byStem: ReadonlyMap<string, NamedPhoto[]>;
  readonly byOriginal: ReadonlyMap<string, NamedPhoto[]>;
}

function indexPhotos(photos: readonly NamedPhoto[]): PhotoIndex {
  const [byName, byStem, byOriginal] = [0, 1, 2].map(() => new Map<string, NamedPhoto[]>());
  const put = (index: Map<string, NamedPhoto[]>, name: string, photo: NamedPhoto): void => {
    const known = index.get(name);
    if (known === undefined) index.set(name, [photo]);
    else known.push(photo);
  };
  for (const photo of photos) {
    const name = nameOf(photo.path).toLowerCase();
    put(byName, name, photo);
    put(byStem, stemOf(name), photo);
    const original = /^(.+)_(jpe?g|png|webp|bmp|tiff?)\.rf\.[0-9a-z]+\.[a-z]+$/.exec(name);
    if (original !== null) put(byOriginal, `${original[1]}.${original[2]}`, photo);
  }
  return { byName, byStem, byOriginal };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).normalize('NFC');
}

function stemOf(name: string): string {
  return hasImageEnding(name) ? name.slice(0, name.lastIndexOf('.')) : name;
}

function matchOne(path: string, index: PhotoIndex): NamedPhoto | 'several' | null {
  const exact = nameOf(path);
  const name = exact.toLowerCase();
  const alike =
    index.byName.get(name) ??
    (hasImageEnding(name) ? index.byOriginal.get(name) : index.byStem.get(name)) ??
    [];
  const same = alike.filter((photo) => nameOf(photo.path) === exact);
  const candidates = same.length > 0 ? same : alike;
  if (candidates.length < 2) return candidates[0] ?? null;
  const folders = foldersOf(path);
  let best: NamedPhoto[] = [];
  let most = -1;
  for (const photo of candidates) {
    const shared = sharedEnd(folders, foldersOf(`${photo.root}/${photo.path}`));
    if (shared > most) [most, best] = [shared, [photo]];
    else if (shared === most) best.push(photo);
  }
  return best.length === 1 ? best[0] : 'several';
}

function foldersOf(path: string): string[] {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .slice(0, -1);
}

function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
