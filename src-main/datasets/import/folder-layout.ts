/** How a dataset folder is laid out: which of its folders are splits, in which order classes and splits are nested. */
import { join } from 'node:path';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { splitsOfNames } from '../label-files/split-names.ts';
import { type FolderEntries, listFolder } from './folder-entries.ts';

/** What the folders of a dataset are. */
export interface FolderLayout {
  /** Those that are splits; the others then hold extras, not classes. */
  readonly splits: ReadonlyMap<string, Split>;
  /** Names of the folders inside the splits. */
  readonly classes: ReadonlySet<string>;
  /** Where classes come first: the splits inside of each class folder. */
  readonly splitsOfClass: ReadonlyMap<string, ReadonlyMap<string, Split>>;
  /** Names of splits inside of class folders that stand for none, as others are without. */
  readonly unreadSplits: ReadonlySet<string>;
}

/**
 * Looks at the folders of a dataset and at what is in them.
 * @param folder holds `names`
 */
export async function layoutOf(
  folder: string,
  names: readonly string[],
  options: { readonly followLinks?: boolean },
): Promise<FolderLayout> {
  const within = new Map<string, FolderEntries>();
  for (const name of names) {
    const entries = await listFolder(join(folder, name), options).catch(() => null);
    if (entries !== null) within.set(name, entries);
  }
  const splits = splitFolders(names, within);
  const foldersIn = (name: string): readonly string[] => within.get(name)?.folders ?? [];
  const classes = new Set([...splits.keys()].flatMap(foldersIn));
  if (splits.size > 0) return { splits, classes, splitsOfClass: new Map(), unreadSplits: new Set() };
  return { splits, classes, ...classesFirst(names, foldersIn) };
}

/**
 * A name alone does not tell: `train` may be a class beside `car` and `bus`. It is a split when all folders are named
 * so, or when one of those named so holds folders itself.
 */
function splitFolders(
  names: readonly string[],
  within: ReadonlyMap<string, FolderEntries>,
): ReadonlyMap<string, Split> {
  const named = splitsOfNames(names);
  const holdsFolders = [...named.keys()].some((name) => (within.get(name)?.folders.length ?? 0) > 0);
  return named.size === names.length || holdsFolders ? named : new Map();
}

/** `cats/train`, `cats/test`, `dogs/train` …: when what is in the class folders is nothing but splits, at least two. */
function classesFirst(
  names: readonly string[],
  foldersIn: (name: string) => readonly string[],
): Pick<FolderLayout, 'splitsOfClass' | 'unreadSplits'> {
  const all = splitsOfNames(new Set(names.flatMap(foldersIn)));
  const splitsIn = (name: string) =>
    new Map(foldersIn(name).flatMap((inner) => (all.has(inner) ? [[inner, all.get(inner)!] as const] : [])));
  const holders = names.filter((name) => foldersIn(name).length > 0);
  const isUniform = holders.every((name) => splitsIn(name).size === foldersIn(name).length);
  if (isUniform && new Set(all.values()).size > 1)
    return { splitsOfClass: new Map(holders.map((name) => [name, splitsIn(name)])), unreadSplits: new Set() };
  return { splitsOfClass: new Map(), unreadSplits: new Set(all.keys()) };
}
