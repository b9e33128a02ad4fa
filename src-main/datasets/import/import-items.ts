/** From what a scan finds to what an import writes: looks, hashes and decodes, one item per file or idx image. */
import { stat } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import type { ImageLookups, KnownContent } from '../../project/images/image-lookups.ts';
import type { Shot } from '../photos/exif.ts';
import { hashPixels, idxName, openIdx, readIdxImages } from '../tiles/idx.ts';
import type { ImageCache } from '../tiles/image-cache.ts';
import { fromReadError } from '../photos/image-file.ts';
import { mapInOrder, parallelDecodes } from '../../core/threads/map-in-order.ts';
import type { MovedImages } from './moved-images.ts';
import type { Found, FoundFile, FoundIdx } from './scan.ts';
import { isDocument } from '../label-files/scan-names.ts';
import { packName } from '../tiles/tile-packs.ts';
import {
  type PhotoFile,
  type PreparedImage,
  type Tile,
  type TileSpec,
  fittingTiles,
  lookAtFile,
  prepareFile,
  tileFromPixels,
} from '../photos/tiles.ts';

/** What an import learned about one image of a source. */
export type ImportItem =
  | NewItem
  /** Already in the project. `copy`: at another place, so that this file is not needed. */
  | { readonly kind: 'known'; readonly path: string; readonly copy: boolean }
  /** Already in the project; only its date is new. */
  | { readonly kind: 'touched'; readonly path: string; readonly id: number; readonly modified: number }
  /** Already in the project, but its file is no longer where it was: it lies here now. */
  | { readonly kind: 'relocated'; readonly path: string; readonly id: number; readonly modified: number }
  /** No image and not meant to be one. */
  | { readonly kind: 'ignored'; readonly path: string }
  | { readonly kind: 'refused'; readonly path: string; readonly error: AppError };

/** An image to be added, or one whose file changed. */
export interface NewItem {
  readonly kind: 'new';
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
  readonly modified: number;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly className: string | null;
  readonly split: Split | null;
  /** When and with what it was taken; left out where the file does not say. */
  readonly shot?: Shot;
  /** Missing, as tiles are, when the cache has them already. */
  readonly thumbnail: Uint8Array | null;
  readonly tiles: readonly Tile[];
}

/** What looking at the files of one source needs. */
export interface ImportScope {
  readonly sourceId: number;
  readonly lookups: ImageLookups;
  readonly cache: ImageCache;
  /** Tiles made of every photo. */
  readonly specs: readonly TileSpec[];
  /** Sources of this same import: copies among them are images of their own. */
  readonly siblings: ReadonlySet<number>;
  readonly moved: MovedImages;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Works through what was found, several files at a time, in order.
 * @throws AppError CANCELLED, DATASET_IDX_INVALID
 */
export async function* importItems(
  found: AsyncIterable<Found>,
  scope: ImportScope,
): AsyncGenerator<ImportItem, void> {
  // Known photos come in bunches (a folder dropped again): after one the next is only looked at, not decoded at once.
  let expectsNew = true;
  const work = async (one: Found): Promise<ImportItem | FoundIdx> => {
    if (one.kind === 'problem') return { kind: 'refused', path: one.path, error: one.error };
    if (one.kind === 'idx') return one;
    const item = await readFile(one, scope, expectsNew);
    expectsNew = item.kind === 'new';
    return item;
  };
  for await (const item of mapInOrder(found, parallelDecodes, work, scope.signal)) {
    if (item.kind === 'idx') yield* idxItems(item, scope);
    else yield item;
  }
}

async function readFile(file: FoundFile, scope: ImportScope, expectsNew: boolean): Promise<ImportItem> {
  const { path } = file;
  try {
    const known = scope.lookups.at(scope.sourceId, path);
    if (known !== null) {
      const now = await stat(file.absolutePath);
      if (now.size === known.bytes && now.mtimeMs === known.modified)
        return { kind: 'known', path, copy: false };
    }
    const isNew = known === null && expectsNew;
    const found = await (isNew ? prepareFile(file.absolutePath, scope.specs) : lookAtFile(file.absolutePath));
    const { hash, bytes, modified, shot } = found;
    if (known?.hash === hash) return { kind: 'touched', path, id: known.id, modified };
    const copies = scope.lookups.withHash(hash);
    const same = known === null ? copies.filter((copy) => isSamePlace(copy, file, scope)) : [];
    if (same.length > 0) return knownElsewhere(same, path, modified, scope);
    const { className, split } = file;
    const made = await decoded(file, found, copies, scope);
    return { kind: 'new', path, hash, bytes, modified, className, split, shot, ...made };
  } catch (thrown) {
    return refuse(file, thrown);
  }
}

/** A photo that the project has from another place, which may be gone. */
function knownElsewhere(
  copies: readonly KnownContent[],
  path: string,
  modified: number,
  { moved }: ImportScope,
): ImportItem {
  const id = moved.take(copies);
  return id === null ? { kind: 'known', path, copy: true } : { kind: 'relocated', path, id, modified };
}

/** The same content at the same place in another copy of the dataset, e.g. dropped into the browser again. */
function isSamePlace(copy: KnownContent, file: FoundFile, scope: ImportScope): boolean {
  if (copy.sourceId === scope.sourceId || scope.siblings.has(copy.sourceId)) return false;
  if (copy.path === file.innerPath) return true;
  return file.innerPath.includes('/') && copy.path.endsWith(`/${file.innerPath}`);
}

type Decoded = Pick<NewItem, 'width' | 'height' | 'format' | 'thumbnail' | 'tiles'>;

/** The pixels of a photo that has been read, as far as the cache lacks them. */
async function decoded(
  { absolutePath }: FoundFile,
  found: PhotoFile | (PhotoFile & PreparedImage),
  copies: readonly KnownContent[],
  { cache, specs }: ImportScope,
): Promise<Decoded> {
  const { hash } = found;
  const lacking =
    copies.length === 0 ? specs : await lackingTiles(cache, hash, fittingTiles(specs, copies[0]));
  if (lacking.length === 0) {
    const [{ width, height, format }] = copies;
    return { width, height, format, thumbnail: null, tiles: [] };
  }
  const made = 'tiles' in found ? found : await prepareFile(absolutePath, lacking);
  if (made.hash !== hash) throw new AppError('IMAGE_UNREADABLE', { reason: 'it changed while it was read' });
  const { width, height, format, thumbnail } = made;
  const names = new Set(lacking.map(packName));
  const tiles = made.tiles.filter(({ spec }) => names.has(packName(spec)));
  return { width, height, format, thumbnail, tiles };
}

async function lackingTiles(
  cache: ImageCache,
  hash: string,
  specs: readonly TileSpec[],
): Promise<readonly TileSpec[]> {
  const there = await Promise.all(specs.map((spec) => cache.has(spec, hash)));
  return specs.filter((_, index) => !there[index]);
}

function refuse({ path }: FoundFile, thrown: unknown): ImportItem {
  const error =
    thrown instanceof AppError ? thrown : isFileError(thrown) ? fromReadError(thrown) : AppError.from(thrown);
  if (error.code === 'IMAGE_NOT_AN_IMAGE') {
    const text = error.params.found === 'text' || error.params.found === 'an HTML page';
    if (isDocument(path, text)) return { kind: 'ignored', path };
  }
  if (error.code.startsWith('IMAGE_')) return { kind: 'refused', path, error };
  throw error;
}

function isFileError(thrown: unknown): boolean {
  return typeof (thrown as NodeJS.ErrnoException | null)?.syscall === 'string';
}

/** Images between two chances for others to run. */
const imagesPerYield = 100;

async function* idxItems(found: FoundIdx, scope: ImportScope): AsyncGenerator<ImportItem, void> {
  const { mtimeMs: modified } = await stat(found.absolutePath);
  const dataset = await openIdx(found.absolutePath, scope.signal);
  const { rows: height, columns: width, count, labels, split } = dataset;
  const spec: TileSpec = { size: Math.max(width, height), channels: 1 };
  const name = idxName(found.path);
  const last = scope.lookups.at(scope.sourceId, `${name}#${count - 1}`);
  const unchanged = last !== null && last.modified === modified;
  for await (const { index, pixels } of readIdxImages(dataset)) {
    throwIfCancelled(scope.signal);
    if (index % imagesPerYield === 0) await new Promise(setImmediate);
    const path = `${name}#${index}`;
    const known = scope.lookups.at(scope.sourceId, path);
    if (known !== null && unchanged) {
      yield { kind: 'known', path, copy: false };
      continue;
    }
    const hash = hashPixels(pixels);
    const elsewhere = known === null ? importedElsewhere(hash, name, index, scope) : [];
    if (known?.hash === hash) yield { kind: 'touched', path, id: known.id, modified };
    else if (elsewhere.length > 0) yield knownElsewhere(elsewhere, path, modified, scope);
    else {
      const className = String(labels[index]);
      const bytes = pixels.length;
      const tiles = [{ spec, pixels: toTile({ width, height, channels: 1, data: pixels }, spec) }];
      yield {
        kind: 'new',
        path,
        hash,
        bytes,
        modified,
        width,
        height,
        format: 'idx',
        className,
        split,
        thumbnail: null,
        tiles,
      };
    }
  }
}

function importedElsewhere(hash: string, name: string, index: number, scope: ImportScope): KnownContent[] {
  const file = `${name.slice(name.lastIndexOf('/') + 1)}#${index}`;
  return scope.lookups
    .withHash(hash)
    .filter(
      (copy) =>
        copy.sourceId !== scope.sourceId &&
        !scope.siblings.has(copy.sourceId) &&
        (copy.path === file || copy.path.endsWith(`/${file}`)),
    );
}

/** Square images are their own tiles. The copy frees them from the stream's buffer. */
function toTile(
  image: { width: number; height: number; channels: 1; data: Buffer },
  spec: TileSpec,
): Uint8Array {
  return image.width === image.height ? Buffer.from(image.data) : tileFromPixels(image, spec);
}
