/**
 * `cache/tiles`: one folder for each shape of tile. Besides the tiles themselves it may hold whatever was computed from
 * them and is addressed by the same slots, such as a backbone's features; that lives and dies with the tiles.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { lstat, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { dropLink, dropLinks } from '../../core/files/drop-links.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import type { CacheIndex } from './cache-index.ts';
import { PackFile, fromWriteError } from '../../core/files/pack-file.ts';
import { type TileSpec, tileBytes } from '../photos/tiles.ts';

/** Where a pack lies and which one it is. */
export interface TilePackInfo {
  /** The file of raw records: record k is `size · size · channels` bytes from `k` times that. */
  readonly path: string;
  /** The pack's own folder. Files beside the records are counted with them and deleted with them. */
  readonly folder: string;
  /**
   * The pack's identity: another one whenever a slot may mean another image than before (the pack was deleted, cut or
   * made anew). Files beside the records are deleted then; whoever writes one notes this id in it, and does not use a
   * file with another.
   */
  readonly id: string;
}

/** A pack that is open. */
export interface OpenPack {
  readonly file: PackFile;
  readonly info: TilePackInfo;
}

const recordsFile = 'tiles.pack';
const identityFile = 'pack.json';
/** What is computed from the tiles of a pack. */
const featuresFolder = 'features';
const removedMark = '.removed-';
/** What an interrupted removal leaves, and packs of earlier versions, which were single files: `150x3.tiles`. */
const leftover = /^(\.removed-[0-9a-f-]+|\d+x[13]\.tiles)$/;

/** The name of a tile pack, e.g. `150x3`, or `150x3-nearest`. */
export function packName(spec: TileSpec): string {
  return `${spec.size}x${spec.channels}${spec.resize === 'nearest' ? '-nearest' : ''}`;
}

/** The shape of the tiles in a pack of this name, or null for a name that is none. */
export function specOfPack(name: string): TileSpec | null {
  const [, size, channels, nearest] = /^(\d+)x([13])(-nearest)?$/.exec(name) ?? [];
  if (size === undefined) return null;
  const spec = { size: Number(size), channels: channels === '1' ? 1 : 3 } as const;
  return nearest === undefined ? spec : { ...spec, resize: 'nearest' };
}

/**
 * Makes a folder, but not the one it is in: a project that was deleted must not come back as an empty shell. A link in
 * its place is taken away: Lenslet makes none in a cache, and what it leads to would be emptied as if it were one.
 */
export function makeFolder(folder: string): void {
  try {
    dropLink(folder);
    if (!existsSync(folder)) mkdirSync(folder);
  } catch (error) {
    throw fromWriteError(error, folder);
  }
}

/**
 * Opens the pack of a shape, making it when it is not there.
 * @param tilesFolder the cache's `tiles` folder; its parent must exist
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export async function openPack(tilesFolder: string, index: CacheIndex, spec: TileSpec): Promise<OpenPack> {
  const name = packName(spec);
  const folder = join(tilesFolder, name);
  makeFolder(tilesFolder);
  makeFolder(folder);
  dropLinks(folder);
  const path = join(folder, recordsFile);
  const file = await PackFile.open(path);
  try {
    const known = index.packId(name);
    const isSame = known !== null && known === (await readIdentity(folder));
    // The index and the records are of different packs: nothing that is noted can be believed.
    if (!isSame) index.dropTilesFrom(name, 0);
    // A pack that was cut or replaced is shorter than its index says.
    const lost = index.dropTilesFrom(name, Math.floor((await file.length()) / tileBytes(spec)));
    const id = isSame && lost === 0 ? known : await renew(folder, index, name);
    return { file, info: { path, folder, id } };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readIdentity(folder: string): Promise<string | null> {
  try {
    const { id } = JSON.parse(await readFile(join(folder, identityFile), 'utf8')) as { id?: unknown };
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

/** Gives a pack a new identity and removes what was computed from the old one. Stopped in between, it is done again. */
async function renew(folder: string, index: CacheIndex, name: string): Promise<string> {
  const id = randomUUID();
  await rm(join(folder, featuresFolder), { recursive: true, force: true });
  await writeFileAtomically(join(folder, identityFile), JSON.stringify({ id }), folder);
  index.setPackId(name, id);
  return id;
}

/**
 * Takes a pack away with all that lies beside it. Nothing is changed where that cannot be done, as on Windows while
 * someone reads it.
 * @returns false then
 */
export async function removePack(tilesFolder: string, index: CacheIndex, name: string): Promise<boolean> {
  const removed = join(tilesFolder, `${removedMark}${randomUUID()}`);
  try {
    await rename(inTiles(tilesFolder, name), removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
  }
  await index.removePack(name);
  await rm(removed, { recursive: true, force: true }).catch(() => undefined);
  return true;
}

/** A place in the folder of tiles. @throws AppError PATH_IS_LINK when that folder is a link, or the place is */
function inTiles(tilesFolder: string, name: string): string {
  return ownPath(dirname(tilesFolder), basename(tilesFolder), name);
}

/** Removes what Lenslet left in the folder of tiles, and nothing else. */
export async function removeLeftovers(tilesFolder: string): Promise<void> {
  dropLink(tilesFolder);
  for (const name of await listFolder(tilesFolder)) {
    if (leftover.test(name))
      await rm(join(tilesFolder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Names of the packs that are there. */
export async function listPacks(tilesFolder: string): Promise<string[]> {
  return (await listFolder(tilesFolder)).filter((name) => specOfPack(name) !== null);
}

/** Bytes of everything in a folder, folders in it included. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await listFolder(folder, true)) {
    bytes += await lstat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );
  }
  return bytes;
}

function listFolder(folder: string, recursive = false): Promise<string[]> {
  return readdir(folder, { recursive }).catch(() => []);
}
