/** Finds the photos that a list of labels means. */
import type { LabelRow } from './label-row.ts';

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
 * So bare names, paths from another machine and absolute paths all work; what fits two photos alike fits none.
 */
export function matchRows(rows: readonly LabelRow[], photos: readonly NamedPhoto[]): MatchedRows {
  const byName = new Map<string, NamedPhoto[]>();
  for (const photo of photos) {
    const name = nameOf(photo.path);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [photo]);
    else known.push(photo);
  }
  const matched: { row: LabelRow; id: number }[] = [];
  const unmatched: LabelRow[] = [];
  let ambiguous = 0;
  for (const row of rows) {
    const found = [row.path, ...row.alternatives].map((path) => matchOne(path, byName)).find(isSomething);
    if (found === undefined) unmatched.push(row);
    else if (found === 'several') ambiguous++;
    else matched.push({ row, id: found.id });
  }
  return { matched, unmatched, ambiguous };
}

function isSomething<T>(value: T | null): value is T {
  return value !== null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).normalize('NFC');
}

function matchOne(path: string, byName: ReadonlyMap<string, NamedPhoto[]>): NamedPhoto | 'several' | null {
  const candidates = byName.get(nameOf(path));
  if (candidates === undefined) return null;
  if (candidates.length === 1) return candidates[0];
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
