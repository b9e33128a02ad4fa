/**
 * Finds the images of a dataset folder and what their places say about them. Understood:
 *
 *     cats/…, dogs/…                          class folders
 *     train/cats/…, validation/cats/…         split folders (usual aliases, any letter case) of class folders
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
import { splitOfName } from '../label-files/scan-names.ts';
import { type FolderEntries, kindOf, listFolder } from './folder-entries.ts';

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
  /** False for folders that Lenslet itself filled, with files alone: links in them are passed over. */
  readonly followLinks?: boolean;
}

const idxImages = /images?[-._]?idx3[-._]?ubyte(\.gz)?$/i;
const idxLabels = /labels?[-._]?idx1[-._]?ubyte(\.gz)?$/i;

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
  const { top, folders, files } = await openTop(source, entered, options);
  const walk: Walk = { options, entered, wrapperLength: top.path === '' ? 0 : top.path.length + 1 };
  yield* walkTop(top, folders, files, walk);
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
    return { top, ...(await listFolder(top.folder, options)) };
  } catch (error) {
    throw new AppError('DATASET_SOURCE_NOT_FOUND', { path: source }, { cause: error });
  }
}

/**
 * The split of a source that is itself a split folder: when its name says so and another split lies beside it, for
 * many a folder is called `test` that is none.
 */
async function splitOfSource(source: string, options: ScanOptions): Promise<Split | null> {
  const split = splitOfName(basename(source));
  if (split === null) return null;
  const beside = await listFolder(dirname(source), options).catch(() => ({ folders: [] }));
  return beside.folders.some((name) => ![null, split].includes(splitOfName(name))) ? split : null;
}

/** Goes down through folders that hold nothing but one folder of folders. */
async function findTop(source: string, options: ScanOptions): Promise<Place> {
  const split = await splitOfSource(source, options);
  let place: Place = { folder: source, path: '', className: null, split };
  for (let depth = 0; depth < 8; depth++) {
    const { folders, files } = await listFolder(place.folder, options);
    if (files.length > 0 || folders.length !== 1 || splitOfName(folders[0]) !== null) return place;
    const inner = step(place, folders[0], { split: null });
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

async function* walkTop(
  top: Place,
  folders: readonly string[],
  files: readonly string[],
  walk: Walk,
): AsyncGenerator<Found, void> {
  const splits = await splitFolders(top, folders, walk.options);
  const loose = folders.length === 0 ? (walk.options.looseClass?.normalize('NFC') ?? null) : null;
  yield* emitFiles({ ...top, className: loose }, files, walk);
  for (const name of folders) {
    const split = splits.get(name);
    if (split !== undefined) yield* walkSplit(step(top, name, { split }), walk);
    // Beside split folders others hold extras, not classes: their photos come without a label.
    else if (splits.size > 0) yield* walkDeep(step(top, name, {}), walk);
    else yield* walkDeep(step(top, name, { className: name.normalize('NFC') }), walk);
  }
}

/**
 * Which folders are splits. A name alone does not tell: `train` may be a class beside `car` and `bus`. It is a split
 * when all folders are named so, or when one of those named so holds folders itself.
 */
async function splitFolders(
  top: Place,
  folders: readonly string[],
  options: ScanOptions,
): Promise<Map<string, Split>> {
  const named = new Map<string, Split>();
  for (const name of folders) {
    const split = splitOfName(name);
    if (split !== null) named.set(name, split);
  }
  if (named.size === folders.length) return named;
  for (const name of named.keys()) {
    const within = await listFolder(join(top.folder, name), options).catch(() => null);
    if (within !== null && within.folders.length > 0) return named;
  }
  return new Map();
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
    return await listFolder(place.folder, walk.options);
  } catch (error) {
    return [{ kind: 'problem', path: place.path, error: fromReadError(error) }];
  }
}

function* emitFiles(place: Place, files: readonly string[], walk: Walk): Generator<Found, void> {
  for (const name of files) {
    throwIfCancelled(walk.options.signal);
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
