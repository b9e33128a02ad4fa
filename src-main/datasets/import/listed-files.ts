/** The photos that a list (CSV, COCO, Label Studio) names, as files to be imported. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AppError, type ErrorData } from '../../contract/shared/errors.ts';
import { isInside } from '../../core/files/join-inside.ts';
import { isNetworkPath } from '../../core/text/untrusted-path.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import type { LabelList, LabelRow } from '../label-files/label-row.ts';
import { type NamedPhoto, matchRows } from '../label-files/match-rows.ts';
import { hasImageEnding, isHiddenName } from '../label-files/scan-names.ts';
import { splitsOfNames } from '../label-files/split-names.ts';
import type { FoundFile } from './scan.ts';

/** A list with the folder that all its photos lie below. */
export interface FileList {
  readonly root: string;
  readonly files: readonly FoundFile[];
  /** What of the list was left out, and what had to be assumed. */
  readonly remarks: readonly ErrorData[];
}

/** Photos below a list's folder among which those are sought that do not lie where it says. */
const maxSought = 200_000;

interface Placed {
  readonly row: LabelRow;
  readonly path: string;
  readonly isThere: boolean;
}

/**
 * Finds the photos of a list.
 * @param listPath the list itself: paths in it are relative to its folder
 * @param within when given, photos outside this folder are refused
 * @throws AppError DATASET_LABELS_INVALID, DATASET_LIST_PHOTOS_MISSING
 */
export function filesOfList(
  listPath: string,
  list: Pick<LabelList, 'rows' | 'headless' | 'remarks'>,
  within?: string,
): FileList {
  const folder = dirname(listPath);
  const { rows } = list;
  const invalid = (reason: string): AppError =>
    new AppError('DATASET_LABELS_INVALID', { path: listPath, reason });
  // Before anything is looked for: on Windows that alone signs in at the server that a stranger's list names.
  const elsewhere = rows.find(({ path, alternatives }) => [path, ...alternatives].some(isNetworkPath));
  if (elsewhere !== undefined) throw invalid(`it names a photo on another computer (${elsewhere.path})`);
  const leadsOut = ({ path }: LabelRow): boolean => !isInside(within ?? '', resolve(folder, path));
  if (within !== undefined && rows.some(leadsOut))
    throw invalid('it names photos that were not uploaded with it');
  const placed = withoutHeading(placeRows(folder, rows), list.headless);
  if (placed.length > 0 && !placed.some(({ isThere }) => isThere))
    throw new AppError('DATASET_LIST_PHOTOS_MISSING', {
      path: listPath,
      count: placed.length,
      example: placed[0].row.path,
    });
  const root = placed.reduce(
    (common, { path }) => sharedFolder(common, dirname(path)),
    dirname(placed[0]?.path ?? listPath),
  );
  return { root, files: toFiles(placed, root, splitOfFolder(folder)), remarks: list.remarks };
}

function toFiles(placed: readonly Placed[], root: string, folderSplit: Split | null): FoundFile[] {
  const seen = new Set<string>();
  const files: FoundFile[] = [];
  for (const { row, path } of placed) {
    if (seen.has(path)) continue;
    seen.add(path);
    const inner = relative(root, path).split(sep).join('/');
    files.push({
      kind: 'file',
      absolutePath: path,
      path: inner,
      innerPath: inner,
      className: row.label?.normalize('NFC') ?? null,
      split: row.split ?? folderSplit,
    });
  }
  return files;
}

/** The first row of a list without a known heading is one, when it alone names no photo. */
function withoutHeading(placed: readonly Placed[], headless: boolean): readonly Placed[] {
  const [first, second] = placed;
  const isHeading = headless && second?.isThere === true && !first.isThere && !hasImageEnding(first.row.path);
  return isHeading ? placed.slice(1) : placed;
}

/** Where each photo lies: where the list says, else where its name is found below the list's folder. */
function placeRows(folder: string, rows: readonly LabelRow[]): Placed[] {
  const placed: Placed[] = rows.map((row) => {
    const path = resolve(folder, row.path);
    return { row, path, isThere: isFile(path) };
  });
  const missing = placed.filter(({ isThere }) => !isThere);
  if (missing.length === 0) return placed;
  const photos = photosBelow(folder);
  const sought = matchRows(
    missing.map(({ row }) => row),
    photos,
  );
  const found = new Map(sought.matched.map(({ row, id }) => [row, photos[id].path]));
  return placed.map((one) => {
    const path = one.isThere ? undefined : found.get(one.row);
    return path !== undefined && belongs(one.row, path)
      ? { row: one.row, path: join(folder, path), isThere: true }
      : one;
  });
}

/** A photo of the same name in a folder that the row does not name is another photo. */
function belongs(row: LabelRow, path: string): boolean {
  const foldersOf = (of: string): string[] =>
    of
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .slice(0, -1);
  const [named, found] = [foldersOf(row.path), foldersOf(path)];
  const shared = Math.min(named.length, found.length);
  return shared === 0 || named.slice(-shared).join('/') === found.slice(-shared).join('/');
}

function photosBelow(folder: string): NamedPhoto[] {
  const photos: NamedPhoto[] = [];
  const open = [''];
  for (let inner = open.pop(); inner !== undefined && photos.length < maxSought; inner = open.pop()) {
    for (const entry of entriesOf(join(folder, inner))) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (isHiddenName(entry.name)) continue;
      if (entry.isDirectory()) open.push(path);
      else if (hasImageEnding(entry.name)) photos.push({ id: photos.length, path, root: '' });
    }
  }
  return photos;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The split of a list in a split folder, as Roboflow writes one into each: when another split lies beside it. */
function splitOfFolder(folder: string): Split | null {
  const beside = entriesOf(dirname(folder)).filter((entry) => entry.isDirectory());
  const splits = splitsOfNames(beside.map(({ name }) => name));
  return new Set(splits.values()).size > 1 ? (splits.get(basename(folder)) ?? null) : null;
}

function sharedFolder(a: string, b: string): string {
  let folder = a;
  while (!isInside(folder, b)) {
    const parent = dirname(folder);
    if (parent === folder) return folder;
    folder = parent;
  }
  return folder;
}
