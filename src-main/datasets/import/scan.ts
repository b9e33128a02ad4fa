/**
 * Finds the images of a dataset folder and what their places say about them. Understood:
 *
 *     cats/…, dogs/…                          class folders
 *     train/cats/…, validation/cats/…         split folders (usual aliases, any letter case) of class folders
 *     cats/train/…, cats/test/…, dogs/train/… class folders of split folders
 *     train/…                                 split folder of loose photos: no label
 *     …                                       loose photos: no label
 *
 * Folders under a class count as that class. A single folder around all of this is looked through. MNIST idx files
 * are found anywhere. Nothing is held in memory but the folders on the way down.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { fromReadError } from '../photos/image-file.ts';
import { rawTwins } from '../label-files/scan-names.ts';
import { splitOfName, splitsOfNames } from '../label-files/split-names.ts';
import { type FolderEntries, kindOf, listFolder } from './folder-entries.ts';
import { layoutOf } from './folder-layout.ts';
import type { ScanNotes } from './scan-notes.ts';

/** A file that may be an image. */
export interface FoundFile {
  readonly kind: 'file';
  readonly absolutePath: string;
  /** Path inside the source, with forward slashes. */
  readonly path: string;
  /** The same without a folder that surrounds the whole dataset: what makes two copies of a dataset comparable. */
  readonly innerPath: string;
  /** In Unicode NFC. */
  readonly className: string | null;
  readonly split: Split | null;
}

/** An idx file of images; its labels lie beside it. */
export interface FoundIdx {
  readonly kind: 'idx';
  readonly absolutePath: string;
  readonly path: string;
}

/** A folder or file that cannot be opened. */
export interface FoundProblem {
  readonly kind: 'problem';
  readonly path: string;
  readonly error: AppError;
}

export type Found = FoundFile | FoundIdx | FoundProblem;

/** How to read a source. */
export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Photos that lie loose in the source are of the class its name says: for several folders given side by side. */
  readonly looseClass?: string | undefined;
  /** The split that its photos are in, where folders inside say nothing else: for several sources side by side. */
  readonly split?: Split | undefined;
  /** Takes what is passed over and what cannot be placed. */
  readonly notes?: ScanNotes | undefined;
  /** False for folders that Lenslet itself filled, with files alone: links in them are passed over. */
  readonly followLinks?: boolean;
}

const idxImages = /images?[-._]?idx3[-._]?ubyte(\.gz)?$/i;
const idxLabels = /labels?[-._]?idx1[-._]?ubyte(\.gz)?$/i;

/** True for the names of idx files, packed or not. */
export function isIdxName(name: string): boolean {
  return idxImages.test(name) || idxLabels.test(name);
}

interface Place {
  readonly folder: string;
  /** Path of the folder inside the source, '' at the top. */
  readonly path: string;
  readonly className: string | null;
  readonly split: Split | null;
}

interface Walk {
  readonly options: ScanOptions;
  /** Real paths of the folders entered, so that a link back up is not followed for ever. */
  readonly entered: Set<string>;
  /** Length of the part of paths that only surrounds the dataset. */
  readonly wrapperLength: number;
}

/**
 * Walks a source in the order of its names.
 * @param source a folder, or a single file
 * @throws AppError DATASET_SOURCE_NOT_FOUND, CANCELLED
 */
export async function* scan(source: string, options: ScanOptions = {}): AsyncGenerator<Found, void> {
  const kind = await kindOf(source);
  if (kind === 'missing') throw new AppError('DATASET_SOURCE_NOT_FOUND', { path: source });
  if (kind === 'file') {
    // Labels come with their images, which ask for them.
    if (!idxLabels.test(source)) yield singleFile(source);
    return;
  }
  const entered = new Set<string>();
  const { top, content } = await openTop(source, entered, options);
  const walk: Walk = { options, entered, wrapperLength: top.path === '' ? 0 : top.path.length + 1 };
  yield* walkTop(top, content, walk);
}

function singleFile(source: string): Found {
  const path = basename(source);
  if (idxImages.test(path)) return { kind: 'idx', absolutePath: source, path };
  return { kind: 'file', absolutePath: source, path, innerPath: path, className: null, split: null };
}

async function openTop(source: string, entered: Set<string>, options: ScanOptions) {
  try {
    const top = await findTop(source, options);
    await enter(entered, top.folder);
    return { top, content: await listFolder(top.folder, options) };
  } catch (error) {
    throw new AppError('DATASET_SOURCE_NOT_FOUND', { path: source }, { cause: error });
  }
}

/**
 * The split of a source that is itself a split folder: when its name says so and another split lies beside it, for
 * many a folder is called `test` that is none.
 */
async function splitOfSource(source: string, options: ScanOptions): Promise<Split | null> {
  if (splitOfName(basename(source)) === null) return null;
  const beside = await listFolder(dirname(source), options).catch(() => ({ folders: [] }));
  const splits = splitsOfNames(beside.folders);
  return new Set(splits.values()).size > 1 ? (splits.get(basename(source)) ?? null) : null;
}

/** Goes down through folders that hold nothing but one folder of folders. */
async function findTop(source: string, options: ScanOptions): Promise<Place> {
  const split = options.split ?? (await splitOfSource(source, options));
  let place: Place = { folder: source, path: '', className: null, split };
  for (let depth = 0; depth < 8; depth++) {
    const { folders, files } = await listFolder(place.folder, options);
    if (files.length > 0 || folders.length !== 1 || splitOfName(folders[0]) !== null) return place;
    const inner = step(place, folders[0], { split: options.split ?? null });
    const within = await listFolder(inner.folder, options).catch(() => null);
    if (within === null || within.folders.length === 0 || within.files.length > 0) return place;
    place = inner;
  }
  return place;
}

function step(
  place: Place,
  name: string,
  change: { className?: string | null; split?: Split | null },
): Place {
  return {
    folder: join(place.folder, name),
    path: place.path === '' ? name : `${place.path}/${name}`,
    className: change.className === undefined ? place.className : change.className,
    split: change.split === undefined ? place.split : change.split,
  };
}

/** Notes a folder as entered; false when it was before, by whatever way. */
async function enter(entered: Set<string>, folder: string): Promise<boolean> {
  const real = await realpath(folder);
  if (entered.has(real)) return false;
  entered.add(real);
  return true;
}

async function* walkTop(top: Place, content: FolderEntries, walk: Walk): AsyncGenerator<Found, void> {
  const { folders, files, passedOver } = content;
  const { notes, looseClass } = walk.options;
  notes?.passedOver(passedOver);
  const { splits, classes, splitsOfClass, unreadSplits } = await layoutOf(top.folder, folders, walk.options);
  notes?.splitsInside(unreadSplits);
  const loose = folders.length === 0 ? (looseClass?.normalize('NFC') ?? null) : null;
  yield* emitFiles({ ...top, className: loose }, files, walk);
  for (const name of folders) {
    const split = splits.get(name);
    if (split !== undefined) yield* walkSplit(step(top, name, { split }), walk);
    else if (splits.size > 0) yield* walkBeside(step(top, name, {}), classes, walk);
    else
      yield* walkClass(step(top, name, { className: name.normalize('NFC') }), splitsOfClass.get(name), walk);
  }
}

/** A folder beside splits holds extras: of the classes where its folders are called as those in the splits are. */
async function* walkBeside(
  place: Place,
  classes: ReadonlySet<string>,
  walk: Walk,
): AsyncGenerator<Found, void> {
  const { folders } = await listFolder(place.folder, walk.options).catch(() => ({ folders: [] }));
  const hasClasses = folders.length > 0 && folders.every((name) => classes.has(name));
  for await (const found of hasClasses ? walkSplit(place, walk) : walkDeep(place, walk)) {
    walk.options.notes?.besideSplits(basename(place.folder));
    yield found;
  }
}

/** A class folder, whose own folders may be splits. */
async function* walkClass(
  place: Place,
  splits: ReadonlyMap<string, Split> | undefined,
  walk: Walk,
): AsyncGenerator<Found, void> {
  const content = await open(place, walk);
  if (!('folders' in content)) {
    yield* content;
    return;
  }
  yield* emitFiles(place, content.files, walk);
  for (const name of content.folders) {
    const split = splits?.get(name);
    yield* walkDeep(step(place, name, split === undefined ? {} : { split }), walk);
  }
}

async function* walkSplit(place: Place, walk: Walk): AsyncGenerator<Found, void> {
  const content = await open(place, walk);
  if (!('folders' in content)) {
    yield* content;
    return;
  }
  yield* emitFiles(place, content.files, walk);
  for (const name of content.folders)
    yield* walkDeep(step(place, name, { className: name.normalize('NFC') }), walk);
}

async function* walkDeep(place: Place, walk: Walk): AsyncGenerator<Found, void> {
  const content = await open(place, walk);
  if (!('folders' in content)) {
    yield* content;
    return;
  }
  yield* emitFiles(place, content.files, walk);
  for (const name of content.folders) yield* walkDeep(step(place, name, {}), walk);
}

/** What is in a folder; nothing when it was entered before; the problem when it cannot be opened. */
async function open(place: Place, walk: Walk): Promise<FolderEntries | FoundProblem[]> {
  throwIfCancelled(walk.options.signal);
  try {
    if (!(await enter(walk.entered, place.folder))) return [];
    const content = await listFolder(place.folder, walk.options);
    walk.options.notes?.passedOver(content.passedOver);
    return content;
  } catch (error) {
    return [{ kind: 'problem', path: place.path, error: fromReadError(error) }];
  }
}

function* emitFiles(place: Place, files: readonly string[], walk: Walk): Generator<Found, void> {
  const twins = rawTwins(files);
  walk.options.notes?.rawTwins(twins.size);
  for (const name of files) {
    throwIfCancelled(walk.options.signal);
    if (twins.has(name)) continue;
    const path = place.path === '' ? name : `${place.path}/${name}`;
    const absolutePath = join(place.folder, name);
    if (idxLabels.test(name)) continue;
    if (idxImages.test(name)) {
      // Where both are there, the plain file is the packed one unpacked.
      if (name.endsWith('.gz') && files.includes(name.slice(0, -3))) continue;
      yield { kind: 'idx', absolutePath, path };
      continue;
    }
    const innerPath = path.slice(walk.wrapperLength);
    yield { kind: 'file', absolutePath, path, innerPath, className: place.className, split: place.split };
  }
}

/** What a source holds, from names alone: how many files, and whether photos lie loose in a folder without folders. */
export interface SourceCount {
  readonly files: number;
  readonly onlyLoose: boolean;
}

/**
 * Counts what `scan` would yield, for a progress bar with an end.
 * @throws AppError DATASET_SOURCE_NOT_FOUND, CANCELLED
 */
export async function countFiles(
  source: string,
  { onProgress, ...options }: ScanOptions & { onProgress?: (files: number) => void } = {},
): Promise<SourceCount> {
  let files = 0;
  let onlyLoose = true;
  for await (const found of scan(source, options)) {
    files++;
    if (found.kind === 'idx' || dirname(found.path) !== '.') onlyLoose = false;
    if (files % 500 === 0) onProgress?.(files);
  }
  return { files, onlyLoose };
}
