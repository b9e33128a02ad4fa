/**
 * The cache of a project: thumbnails in one pack, training tiles in one pack for each size, and the index over them.
 * The folder may be deleted at any time, even while it is open; everything in it is made again when it is wanted.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CacheIndex } from './cache-index.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { PackFile, fromWriteError } from './pack-file.ts';
import { type TileSpec, tileBytes } from './tiles.ts';

/** The name of a tile pack, e.g. `150x3`. */
export function packName(spec: TileSpec): string {
  return `${spec.size}x${spec.channels}`;
}

function specOfPack(name: string): TileSpec {
  const [size, channels] = name.split('x').map(Number);
  return { size, channels: channels === 1 ? 1 : 3 };
}

interface OpenFiles {
  readonly index: CacheIndex;
  readonly thumbnails: PackFile;
  readonly tiles: Map<string, PackFile>;
}

/** One project's cache. Opened by the first call; writes happen one at a time, reads wait for none of them. */
export class ImageCache {
  readonly #folder: string;
  readonly #opening = oneAtATime();
  readonly #writing = oneAtATime();
  #files: OpenFiles | null = null;
  /** Files that were deleted while open. A write may still be going on in them, so they are closed at the end. */
  readonly #deleted: { close(): Promise<void> | void }[] = [];

  /** @param folder the project's `cache` folder; need not exist */
  constructor(folder: string) {
    this.#folder = folder;
  }

  #open(): Promise<OpenFiles> {
    return this.#opening(async () => {
      const files = this.#files;
      if (files !== null) {
        if (existsSync(join(this.#folder, 'index.db')) && (await files.thumbnails.isInPlace())) return files;
        this.#deleted.push(files.index, files.thumbnails, ...files.tiles.values());
      }
      return (this.#files = await openFiles(this.#folder));
    });
  }

  #pack(files: OpenFiles, spec: TileSpec): Promise<PackFile> {
    return this.#opening(async () => {
      const name = packName(spec);
      const known = files.tiles.get(name);
      if (known !== undefined) {
        if (await known.isInPlace()) return known;
        this.#deleted.push(known);
      }
      const pack = await openTilePack(this.#folder, files.index, spec);
      files.tiles.set(name, pack);
      return pack;
    });
  }

  /** Path of a tile pack; made when it is not there. @throws AppError DISK_FULL, FILE_UNWRITABLE */
  async tilePack(spec: TileSpec): Promise<string> {
    return (await this.#pack(await this.#open(), spec)).path;
  }

  /** Slots of images in a pack, by hash; −1 for those that are not in it. */
  async slots(spec: TileSpec, hashes: readonly string[]): Promise<Int32Array> {
    const files = await this.#open();
    await this.#pack(files, spec);
    const slots = new Int32Array(hashes.length);
    for (let i = 0; i < hashes.length; i++) {
      slots[i] = files.index.slot(packName(spec), hashes[i]) ?? -1;
      // A hundred thousand look-ups take a third of a second: others get their turn in between.
      if (i % 2000 === 1999) await new Promise(setImmediate);
    }
    return slots;
  }

  /** Adds tiles of one size. @throws AppError DISK_FULL, FILE_UNWRITABLE; nothing is noted then */
  addTiles(spec: TileSpec, tiles: readonly { hash: string; tile: Uint8Array }[]): Promise<void> {
    if (tiles.length === 0) return Promise.resolve();
    return this.#writing(async () => {
      const files = await this.#open();
      const pack = await this.#pack(files, spec);
      const first = files.index.nextSlot(packName(spec));
      const records = tiles.map(({ tile }) => tile);
      await pack.write(records, first * tileBytes(spec));
      const rows = tiles.map(({ hash }, i) => ({ hash, slot: first + i }));
      await this.#note(rows, (part) => files.index.addTiles(packName(spec), part));
    });
  }

  /** Adds thumbnails. @throws AppError DISK_FULL, FILE_UNWRITABLE; nothing is noted then */
  addThumbnails(thumbnails: readonly { hash: string; thumbnail: Uint8Array }[]): Promise<void> {
    if (thumbnails.length === 0) return Promise.resolve();
    return this.#writing(async () => {
      const files = await this.#open();
      let start = files.index.thumbnailsEnd();
      const rows = thumbnails.map(({ hash, thumbnail: { length } }) => {
        const place = { hash, start, length };
        start += length;
        return place;
      });
      const pictures = thumbnails.map(({ thumbnail }) => thumbnail);
      await files.thumbnails.write(pictures, rows[0].start);
      await this.#note(rows, (part) => files.index.addThumbnails(part));
    });
  }

  /** Writes rows into the index, a few at a time, so that others get their turn in between. */
  async #note<Row>(rows: readonly Row[], write: (part: readonly Row[]) => void): Promise<void> {
    try {
      for (let start = 0; start < rows.length; start += 250) {
        if (start > 0) await new Promise(setImmediate);
        write(rows.slice(start, start + 250));
      }
    } catch (error) {
      // SQLite reports a full disk in words of its own.
      const full = error instanceof Error && /disk is full/i.test(error.message);
      throw fromWriteError(full ? Object.assign(error, { code: 'ENOSPC' }) : error, this.#folder);
    }
  }

  /** The thumbnail of an image, or null. */
  async thumbnail(hash: string): Promise<Buffer | null> {
    const files = await this.#open();
    const place = files.index.thumbnail(hash);
    return place === null ? null : files.thumbnails.read(place.start, place.length);
  }

  /** True when an image's thumbnail and its tile of this size are there. */
  async has(spec: TileSpec, hash: string): Promise<boolean> {
    const files = await this.#open();
    await this.#pack(files, spec);
    return files.index.slot(packName(spec), hash) !== null && files.index.thumbnail(hash) !== null;
  }

  /** The tile of an image, or null. */
  async tile(spec: TileSpec, hash: string): Promise<Buffer | null> {
    const files = await this.#open();
    const pack = await this.#pack(files, spec);
    const slot = files.index.slot(packName(spec), hash);
    return slot === null ? null : pack.read(slot * tileBytes(spec), tileBytes(spec));
  }

  /** The largest tile there is of an image, or null. */
  async anyTile(hash: string): Promise<{ spec: TileSpec; tile: Buffer } | null> {
    const { index } = await this.#open();
    const specs = index.packsOf(hash).map(specOfPack);
    for (const spec of specs.sort((a, b) => tileBytes(b) - tileBytes(a))) {
      const tile = await this.tile(spec, hash);
      if (tile !== null) return { spec, tile };
    }
    return null;
  }

  /** Closes all files; waits for what is being written. */
  close(): Promise<void> {
    return this.#writing(() =>
      this.#opening(async () => {
        const files = this.#files;
        this.#files = null;
        const all = files === null ? [] : [files.index, files.thumbnails, ...files.tiles.values()];
        for (const file of [...all, ...this.#deleted.splice(0)]) await file.close();
      }),
    );
  }
}

async function openFiles(folder: string): Promise<OpenFiles> {
  makeFolder(folder);
  const index = new CacheIndex(join(folder, 'index.db'));
  const thumbnails = await PackFile.open(join(folder, 'thumbnails.pack'));
  index.dropThumbnailsBeyond(await thumbnails.length());
  return { index, thumbnails, tiles: new Map() };
}

/** Makes a folder, but not the one it is in: a project that was deleted must not come back as an empty shell. */
function makeFolder(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder);
  } catch (error) {
    throw fromWriteError(error, folder);
  }
}

async function openTilePack(folder: string, index: CacheIndex, spec: TileSpec): Promise<PackFile> {
  makeFolder(join(folder, 'tiles'));
  const pack = await PackFile.open(join(folder, 'tiles', `${packName(spec)}.tiles`));
  // A pack that was cut or replaced is shorter than its index says.
  index.dropTilesFrom(packName(spec), Math.floor((await pack.length()) / tileBytes(spec)));
  return pack;
}
