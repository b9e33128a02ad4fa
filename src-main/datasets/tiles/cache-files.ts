/** The open files of a cache, and what to do when someone deletes them meanwhile. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dropLinks } from '../../core/files/drop-links.ts';
import { CacheIndex } from './cache-index.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import { PackFile } from '../../core/files/pack-file.ts';
import { type OpenPack, makeFolder, openPack, packName, removeLeftovers, removePack } from './tile-packs.ts';
import type { TileSpec } from '../photos/tiles.ts';

/** What is open of a cache. */
export interface OpenFiles {
  readonly index: CacheIndex;
  readonly thumbnails: PackFile;
  readonly tiles: Map<string, OpenPack>;
}

/** Opens the files of a cache when they are wanted, and anew when they are gone. */
export class CacheFiles {
  readonly folder: string;
  readonly tilesFolder: string;
  readonly #lane = oneAtATime();
  #files: OpenFiles | null = null;
  /** Files that were deleted while open. A write may still be going on in them, so they are closed at the end. */
  readonly #deleted: { close(): Promise<void> | void }[] = [];

  /** @param folder the cache's folder; need not exist, but the one it is in must */
  constructor(folder: string) {
    this.folder = folder;
    this.tilesFolder = join(folder, 'tiles');
  }

  /** The files as far as they are open now. */
  get opened(): OpenFiles | null {
    return this.#files;
  }

  /** @throws AppError DISK_FULL, FILE_UNWRITABLE */
  open(): Promise<OpenFiles> {
    return this.#lane(async () => {
      const files = this.#files;
      if (files !== null) {
        if (existsSync(join(this.folder, 'index.db')) && (await files.thumbnails.isInPlace())) return files;
        this.#deleted.push(files.index, files.thumbnails, ...tileFiles(files));
      }
      return (this.#files = await openFiles(this.folder, this.tilesFolder));
    });
  }

  /** The pack of a shape, made when it is not there. @throws AppError DISK_FULL, FILE_UNWRITABLE */
  pack(files: OpenFiles, spec: TileSpec): Promise<OpenPack> {
    return this.#lane(async () => {
      const name = packName(spec);
      const known = files.tiles.get(name);
      if (known !== undefined) {
        if (await known.file.isInPlace()) return known;
        this.#deleted.push(known.file);
      }
      const pack = await openPack(this.tilesFolder, files.index, spec);
      files.tiles.set(name, pack);
      return pack;
    });
  }

  /** Takes a pack away. @returns false where that cannot be done */
  remove(files: OpenFiles, name: string): Promise<boolean> {
    return this.#lane(async () => {
      const pack = files.tiles.get(name);
      files.tiles.delete(name);
      // A deleted file takes its room until it is closed.
      await pack?.file.close();
      return removePack(this.tilesFolder, files.index, name);
    });
  }

  /** Closes all files. */
  close(): Promise<void> {
    return this.#lane(async () => {
      const files = this.#files;
      this.#files = null;
      const all = files === null ? [] : [files.index, files.thumbnails, ...tileFiles(files)];
      for (const file of [...all, ...this.#deleted.splice(0)]) await file.close();
    });
  }
}

async function openFiles(folder: string, tilesFolder: string): Promise<OpenFiles> {
  makeFolder(folder);
  // Nothing in a cache that came from elsewhere may lead Lenslet out of it.
  dropLinks(folder);
  const index = new CacheIndex(join(folder, 'index.db'));
  const thumbnails = await PackFile.open(join(folder, 'thumbnails.pack'));
  index.dropThumbnailsBeyond(await thumbnails.length());
  await removeLeftovers(tilesFolder);
  return { index, thumbnails, tiles: new Map() };
}

function tileFiles({ tiles }: OpenFiles): PackFile[] {
  return [...tiles.values()].map(({ file }) => file);
}
