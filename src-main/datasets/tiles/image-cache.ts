/**
 * The cache of a project: thumbnails in one pack, training tiles in one pack for each size, and the index over them.
 * The folder may be deleted at any time, even while it is open; everything in it is made again when it is wanted.
 * When it grows beyond its limit, whole tile packs go, the one unused for longest first.
 */
import { CacheFiles, type OpenFiles } from './cache-files.ts';
import { excess } from './cache-limit.ts';
import { type CacheUsage, measureCache } from './cache-usage.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { type TilePackInfo, packName, specOfPack } from './tile-packs.ts';
import { type TileSpec, tileBytes } from '../photos/tiles.ts';

/** How a cache keeps its size. */
export interface CacheOptions {
  /** The most bytes it may take; null for a share of the drive. Asked again each time. */
  readonly limit?: (() => number | null) | undefined;
  /** Milliseconds after its last use during which a pack counts as in use: its path may be on the way to a reader. */
  readonly restMilliseconds?: number;
}

/** Between two looks at the size of the cache this much may be written, or this share of the limit. */
const betweenLooks = { bytes: 256 * 2 ** 20, share: 1 / 16 };
const tenMinutes = 600_000;

/** One project's cache. Opened by the first call; writes happen one at a time, reads wait for none of them. */
export class ImageCache {
  readonly #files: CacheFiles;
  readonly #writing = oneAtATime();
  readonly #limit: () => number | null;
  readonly #rest: number;
  readonly #held = new Map<string, number>();
  /** Bytes that may be written before the next look at the size. */
  #untilLook = 0;

  /** @param folder the project's `cache` folder; need not exist */
  constructor(folder: string, { limit = () => null, restMilliseconds = tenMinutes }: CacheOptions = {}) {
    this.#files = new CacheFiles(folder);
    this.#limit = limit;
    this.#rest = restMilliseconds;
  }

  /** Path of a tile pack; made when it is not there. @throws AppError DISK_FULL, FILE_UNWRITABLE */
  async tilePack(spec: TileSpec): Promise<string> {
    return (await this.tilePackInfo(spec)).path;
  }

  /**
   * Where a tile pack lies and which one it is; made when it is not there. What is computed from its tiles and
   * addressed by the same slots may be kept in its folder, with its id noted in it.
   * @throws AppError DISK_FULL, FILE_UNWRITABLE
   */
  async tilePackInfo(spec: TileSpec): Promise<TilePackInfo> {
    const files = await this.#files.open();
    const { info } = await this.#files.pack(files, spec);
    this.#touch(files, spec);
    return info;
  }

  /**
   * Keeps a pack from being removed until it is released; for as long as someone reads it by its path.
   * @returns releases it; calling it again does nothing
   */
  hold(spec: TileSpec): () => void {
    const name = packName(spec);
    const count = (change: 1 | -1): void => void this.#held.set(name, (this.#held.get(name) ?? 0) + change);
    count(1);
    let release = (): void => {
      release = () => undefined;
      count(-1);
      if (this.#files.opened !== null) this.#touch(this.#files.opened, spec);
    };
    return () => release();
  }

  #touch(files: OpenFiles, spec: TileSpec): void {
    try {
      files.index.touchPack(packName(spec));
    } catch {
      // On a full disk what is there can be read all the same.
    }
  }

  /** Slots of images in a pack, by hash; −1 for those that are not in it. */
  async slots(spec: TileSpec, hashes: readonly string[]): Promise<Int32Array> {
    const files = await this.#files.open();
    await this.#files.pack(files, spec);
    this.#touch(files, spec);
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
      const files = await this.#files.open();
      const { file } = await this.#files.pack(files, spec);
      this.#touch(files, spec);
      await this.#makeRoom(files, tiles.length * tileBytes(spec), packName(spec));
      const first = files.index.nextSlot(packName(spec));
      const records = tiles.map(({ tile }) => tile);
      await file.write(records, first * tileBytes(spec));
      const rows = tiles.map(({ hash }, i) => ({ hash, slot: first + i }));
      await this.#note(rows, (part) => files.index.addTiles(packName(spec), part));
    });
  }

  /** Adds thumbnails. @throws AppError DISK_FULL, FILE_UNWRITABLE; nothing is noted then */
  addThumbnails(thumbnails: readonly { hash: string; thumbnail: Uint8Array }[]): Promise<void> {
    if (thumbnails.length === 0) return Promise.resolve();
    return this.#writing(async () => {
      const files = await this.#files.open();
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
      throw fromWriteError(full ? Object.assign(error, { code: 'ENOSPC' }) : error, this.#files.folder);
    }
  }

  /** The thumbnail of an image, or null. */
  async thumbnail(hash: string): Promise<Buffer | null> {
    const files = await this.#files.open();
    const place = files.index.thumbnail(hash);
    return place === null ? null : files.thumbnails.read(place.start, place.length);
  }

  /** True when an image's thumbnail and its tile of this size are there. */
  async has(spec: TileSpec, hash: string): Promise<boolean> {
    const files = await this.#files.open();
    await this.#files.pack(files, spec);
    return files.index.slot(packName(spec), hash) !== null && files.index.thumbnail(hash) !== null;
  }

  /** The tile of an image, or null. */
  async tile(spec: TileSpec, hash: string): Promise<Buffer | null> {
    const files = await this.#files.open();
    const { file } = await this.#files.pack(files, spec);
    const slot = files.index.slot(packName(spec), hash);
    return slot === null ? null : file.read(slot * tileBytes(spec), tileBytes(spec));
  }

  /** The largest tile there is of an image, or null. */
  async anyTile(hash: string): Promise<{ spec: TileSpec; tile: Buffer } | null> {
    const { index } = await this.#files.open();
    const specs = index.packsOf(hash).flatMap((name) => specOfPack(name) ?? []);
    for (const spec of specs.sort((a, b) => tileBytes(b) - tileBytes(a))) {
      const tile = await this.tile(spec, hash);
      if (tile !== null) return { spec, tile };
    }
    return null;
  }

  /** What the cache holds and how much room it takes; `inUse` is what `clear` leaves. */
  async usage(): Promise<CacheUsage> {
    const usage = await this.#measure(await this.#files.open());
    return { ...usage, parts: usage.parts.map((part) => ({ ...part, inUse: this.#isHeld(part.name) })) };
  }

  #measure(files: OpenFiles): Promise<CacheUsage> {
    return measureCache(
      this.#files,
      files,
      this.#limit(),
      (name, usedAt) => this.#isHeld(name) || Date.now() - usedAt < this.#rest,
    );
  }

  #isHeld(name: string): boolean {
    return (this.#held.get(name) ?? 0) > 0;
  }

  /** Removes packs until the cache keeps its limit, as far as none is in use. @returns the names of those removed */
  keepLimit(): Promise<string[]> {
    return this.#writing(async () => {
      const files = await this.#files.open();
      return this.#removeExcess(files, await this.#measure(files), 0, null);
    });
  }

  async #makeRoom(files: OpenFiles, coming: number, growing: string): Promise<void> {
    this.#untilLook -= coming;
    if (this.#untilLook > 0) return;
    const usage = await this.#measure(files);
    this.#untilLook = Math.min(betweenLooks.bytes, betweenLooks.share * usage.limit);
    await this.#removeExcess(files, usage, Math.max(coming, this.#untilLook), growing);
  }

  async #removeExcess(
    files: OpenFiles,
    { parts, bytes, limit, drive }: CacheUsage,
    coming: number,
    growing: string | null,
  ): Promise<string[]> {
    let surplus = excess(bytes, limit, drive, coming);
    const removed: string[] = [];
    for (const { name, spec, bytes: size, inUse } of parts) {
      if (surplus <= 0) break;
      if (spec === null || inUse || name === growing || !(await this.#files.remove(files, name))) continue;
      removed.push(name);
      surplus -= size;
    }
    return removed;
  }

  /**
   * Removes parts of the cache, also those used just now, but none that is held.
   * @param names parts to remove; all when missing
   * @returns the names of those removed
   */
  clear(names?: readonly string[]): Promise<string[]> {
    return this.#writing(async () => {
      const files = await this.#files.open();
      const removed: string[] = [];
      for (const { name, spec } of (await this.#measure(files)).parts) {
        if (this.#isHeld(name) || names?.includes(name) === false) continue;
        if (spec === null) {
          files.index.dropThumbnails();
          await files.thumbnails.empty();
        } else if (!(await this.#files.remove(files, name))) continue;
        removed.push(name);
      }
      return removed;
    });
  }

  /** Closes all files; waits for what is being written. */
  close(): Promise<void> {
    return this.#writing(() => this.#files.close());
  }
}
