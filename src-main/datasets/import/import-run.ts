/** One import from beginning to end: counts, reads and writes its sources one after the other. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import { AppError, type ErrorData } from '../../contract/shared/errors.ts';
import { orderNewClasses, settleClasses, settledClasses } from '../../project/images/classes.ts';
import { createImageLookups } from '../../project/images/image-lookups.ts';
import { type SourceKind, ensureSource } from '../../project/images/images.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import type { Project } from '../../project/project.ts';
import { inTransaction } from '../../project/database/transaction.ts';
import type { ImageCache } from '../tiles/image-cache.ts';
import { sourceFolder } from '../tiles/image-location.ts';
import { type ImportItem, type ImportScope, importItems } from './import-items.ts';
import { ImportWriter, explainWriteError } from './import-writer.ts';
import { MovedImages } from './moved-images.ts';
import { splitsOfNames } from '../label-files/split-names.ts';
import type { ScanNotes } from './scan-notes.ts';
import { type Found, type FoundFile, countFiles, scan } from './scan.ts';
import { type TileSpec, tileBytes, workingSideFor } from '../photos/tiles.ts';

/** The tile made of every photo at its import. */
export const importTile: TileSpec = { size: 150, channels: 3 };
/** A second size is made in the same go when that takes no more than this; else when a run first wants it. */
const maxBytesAhead = 2 * 2 ** 30;

/** Something to import. */
export interface ImportSource {
  readonly kind: SourceKind;
  /** An absolute path, or for what lies in the project folder one relative to it. */
  readonly root: string;
  /** What it is called where its folder is not: an archive unpacked into a folder of ours. */
  readonly name?: string;
  /** Its photos, where a list names them; without it all that lie below `root`. */
  readonly files?: readonly FoundFile[];
  /** What was left out of a list, and what had to be assumed. */
  readonly remarks?: readonly ErrorData[];
  /** Photos that exist nowhere else. */
  readonly capture?: boolean;
}

/** What a running import tells. */
export interface ImportListener {
  /** Files counted so far, before anything is read. */
  counting(files: number): void;
  counted(files: number): void;
  item(item: ImportItem): void;
  /** Rows were written. */
  written(): void;
}

/** How an import is done. */
export interface ImportOptions {
  readonly signal?: AbortSignal | undefined;
  /** The tile that the next training will probably want. */
  readonly nextTile?: TileSpec | null;
  /** Takes what is passed over and what cannot be placed. */
  readonly notes?: ScanNotes;
}

/**
 * Imports sources into a project. What was written stays, however it ends.
 * @throws AppError DATASET_SOURCE_NOT_FOUND, DATASET_IDX_INVALID, DISK_FULL, FILE_UNWRITABLE, PROJECT_GONE,
 *   CANCELLED
 */
export async function runImport(
  project: Project,
  cache: ImageCache,
  sources: readonly ImportSource[],
  listener: ImportListener,
  { signal, nextTile = null, notes }: ImportOptions = {},
): Promise<void> {
  const { places, files } = await lookAt(project, sources, listener, signal);
  const fits =
    nextTile !== null &&
    workingSideFor(nextTile) === workingSideFor(importTile) &&
    files * tileBytes(nextTile) <= maxBytesAhead;
  const scope = {
    cache,
    specs: fits ? [importTile, nextTile] : [importTile],
    siblings: new Set<number>(),
    moved: new MovedImages(project.folder),
    signal,
    notes,
  };
  const settled = inTransaction(project.database, () => settledClasses(project.database));
  try {
    for (const place of places) await importPlace(project, place, scope, listener);
  } finally {
    if (project.identity.isThere()) {
      inTransaction(project.database, () => orderNewClasses(project.database, settled));
    }
  }
  inTransaction(project.database, () => settleClasses(project.database));
}

interface Place {
  readonly source: ImportSource;
  /** The folder or file to read. */
  readonly path: string;
  readonly isFile: boolean;
  readonly looseClass: string | undefined;
  readonly split: Split | undefined;
}

async function lookAt(
  project: Project,
  sources: readonly ImportSource[],
  listener: ImportListener,
  signal: AbortSignal | undefined,
): Promise<{ places: Place[]; files: number }> {
  const places: LookedAt[] = [];
  let files = 0;
  for (const source of new Map(sources.map((one) => [one.root, one])).values()) {
    const path = sourceFolder(project.folder, source.root);
    if (source.files !== undefined) {
      files += source.files.length;
      places.push({ source, path, isFile: false, onlyLoose: false });
      continue;
    }
    const counted = await countFiles(path, {
      signal,
      followLinks: isElsewhere(source),
      onProgress: (more) => listener.counting(files + more),
    });
    files += counted.files;
    const isFile = (await stat(path)).isFile();
    places.push({ source, path, isFile, onlyLoose: counted.onlyLoose });
  }
  listener.counted(files);
  return { places: nameSources(places), files };
}

/** A place before it is known what the others beside it are. */
type LookedAt = Omit<Place, 'looseClass' | 'split'> & { readonly onlyLoose: boolean };

/** `import cats dogs`: folders or archives of loose photos side by side are classes. `train test` are splits. */
function nameSources(places: readonly LookedAt[]): Place[] {
  const nameOf = ({ source, path }: LookedAt): string => source.name ?? basename(path);
  const areFolders = places.length > 1 && places.every(({ isFile }) => !isFile);
  const named = splitsOfNames(places.map(nameOf));
  const areSplits =
    areFolders && places.every((place) => named.has(nameOf(place))) && new Set(named.values()).size > 1;
  const areClasses = areFolders && !areSplits && places.every(({ onlyLoose }) => onlyLoose);
  return places.map((place) => ({
    ...place,
    looseClass: areClasses ? nameOf(place) : undefined,
    split: areSplits ? named.get(nameOf(place)) : undefined,
  }));
}

async function importPlace(
  project: Project,
  place: Place,
  scope: Pick<ImportScope, 'cache' | 'specs' | 'moved' | 'signal'> & {
    siblings: Set<number>;
    notes: ScanNotes | undefined;
  },
  listener: ImportListener,
): Promise<void> {
  const { cache, siblings, signal } = scope;
  const root = place.isFile ? dirname(place.source.root) : place.source.root;
  const { sourceId, lookups } = openSource(project, place.source.kind, root);
  siblings.add(sourceId);
  const writer = new ImportWriter(project, cache, sourceId);
  const { files } = place.source;
  const found =
    files === undefined
      ? scan(place.path, {
          signal,
          looseClass: place.looseClass,
          split: place.split,
          notes: scope.notes,
          followLinks: isElsewhere(place.source),
        })
      : inTurn(files);
  try {
    const items = importItems(found, { ...scope, sourceId, lookups });
    for await (const item of items) {
      checkSource(place, item);
      listener.item(item);
      if (await writer.add(item)) listener.written();
    }
  } catch (error) {
    // What was read before a cancel or a failure is kept; a failure to keep it must not hide the first one.
    await writer.flush().catch(() => undefined);
    throw project.identity.isThere() ? error : explainWriteError(error, project);
  }
  await writer.flush();
  listener.written();
}

/** True for the user's own folders, false for what Lenslet keeps in the project, where it makes no links. */
function isElsewhere({ root }: ImportSource): boolean {
  return isAbsolute(root);
}

async function* inTurn(files: readonly FoundFile[]): AsyncGenerator<Found, void> {
  yield* files;
}

function openSource(project: Project, kind: SourceKind, root: string) {
  try {
    return {
      sourceId: ensureSource(project.database, kind, root),
      lookups: createImageLookups(project.database),
    };
  } catch (error) {
    throw explainWriteError(error, project);
  }
}

/** A file may vanish; when the whole source does, the import ends instead of refusing every file. */
function checkSource(place: Place, item: ImportItem): void {
  if (item.kind !== 'refused') return;
  const gone = item.error.code === 'IMAGE_MISSING' || item.error.code === 'IMAGE_UNREADABLE';
  if (gone && !existsSync(place.path)) throw new AppError('DATASET_SOURCE_NOT_FOUND', { path: place.path });
}
