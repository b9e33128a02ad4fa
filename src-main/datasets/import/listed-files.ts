/** The photos that a list (CSV, COCO, Label Studio) names, as files to be imported. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { isInside } from '../../core/files/join-inside.ts';
import { isNetworkPath } from '../../core/text/untrusted-path.ts';
import type { LabelRow } from '../label-files/label-row.ts';
import type { FoundFile } from './scan.ts';

/** A list with the folder that all its photos lie below. */
export interface FileList {
  readonly root: string;
  readonly files: readonly FoundFile[];
}

/** Folders beside a list where its photos are looked for as well. */
const usualFolders = ['images', 'data', 'photos'];

/**
 * Finds the photos of a list.
 * @param listPath the list itself: paths in it are relative to its folder
 * @param within when given, photos outside this folder are refused
 * @throws AppError DATASET_LABELS_INVALID
 */
export function filesOfList(listPath: string, rows: readonly LabelRow[], within?: string): FileList {
  const folder = dirname(listPath);
  const invalid = (reason: string): AppError =>
    new AppError('DATASET_LABELS_INVALID', { path: listPath, reason });
  // Before anything is looked for: on Windows that alone signs in at the server that a stranger's list names.
  const elsewhere = rows.find(({ path, alternatives }) => [path, ...alternatives].some(isNetworkPath));
  if (elsewhere !== undefined) throw invalid(`it names a photo on another computer (${elsewhere.path})`);
  const leadsOut = ({ path }: LabelRow): boolean => !isInside(within ?? '', resolve(folder, path));
  if (within !== undefined && rows.some(leadsOut))
    throw invalid('it names photos that were not uploaded with it');
  const places = rows.map((row) => ({ row, path: locate(folder, row) }));
  const root = places.reduce(
    (common, { path }) => sharedFolder(common, dirname(path)),
    dirname(places[0].path),
  );
  const seen = new Set<string>();
  const files: FoundFile[] = [];
  for (const { row, path } of places) {
    if (seen.has(path)) continue;
    seen.add(path);
    const inner = relative(root, path).split(sep).join('/');
    files.push({
      kind: 'file',
      absolutePath: path,
      path: inner,
      innerPath: inner,
      className: row.label?.normalize('NFC') ?? null,
      split: row.split ?? null,
    });
  }
  return { root, files };
}

function locate(folder: string, row: LabelRow): string {
  const plain = resolve(folder, row.path);
  if (isAbsolute(row.path) || existsSync(plain)) return plain;
  const names = [row.path, ...row.alternatives];
  const others = ['', ...usualFolders].flatMap((inner) => names.map((name) => join(folder, inner, name)));
  return others.find((path) => existsSync(path)) ?? plain;
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
