/**
 * `cache/index.db`: where in the packs each image's tile and thumbnail lie, by the hash of the image's content, and
 * which pack was used when. A row is written only after its bytes are safely on the disk, so a row never points at
 * anything else.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { diskFailure, isDamage } from '../../project/database/database-error.ts';
import { inTransaction } from '../../project/database/transaction.ts';

/**
 * Raised whenever the index is laid out anew or the decoder makes other pixels of the same photo: a cache of another
 * version is thrown away, so that no run ever sees pixels of two kinds.
 */
const cacheVersion = 2;

const schema = `
  CREATE TABLE IF NOT EXISTS pack (
    name TEXT PRIMARY KEY, id TEXT NOT NULL, used_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tile (
    pack TEXT NOT NULL, hash TEXT NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (pack, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tile_slot ON tile (pack, slot);
  CREATE INDEX IF NOT EXISTS tile_hash ON tile (hash);
  CREATE TABLE IF NOT EXISTS thumbnail (
    hash TEXT PRIMARY KEY, start INTEGER NOT NULL, length INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS thumbnail_end ON thumbnail (start + length);
`;

/** Where a thumbnail lies in its pack, in bytes. */
export interface ThumbnailPlace {
  readonly start: number;
  readonly length: number;
}

/** What the index knows of a pack. */
export interface PackUse {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
  readonly tiles: number;
}

/** Rows removed at a time: more would keep others waiting. */
const removedAtOnce = 5_000;

/** The index of one project's cache. */
export class CacheIndex {
  readonly #database: DatabaseSync;
  readonly #statements: Record<'slot' | 'packs' | 'addTile' | 'thumbnail' | 'addThumbnail', StatementSync>;

  /**
   * Opens or makes the index. One that is damaged or of another version is thrown away: everything in it can be made
   * again, if only in hours. One that cannot be opened for another reason, such as a full disk, stays as it is.
   * @throws AppError DISK_FULL, FILE_UNWRITABLE
   */
  constructor(path: string) {
    this.#database = openOrReplace(path);
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#statements = {
      slot: prepare('SELECT slot FROM tile WHERE pack = ? AND hash = ?'),
      packs: prepare('SELECT pack FROM tile WHERE hash = ?'),
      addTile: prepare('INSERT OR REPLACE INTO tile (pack, hash, slot) VALUES (?, ?, ?)'),
      thumbnail: prepare('SELECT start, length FROM thumbnail WHERE hash = ?'),
      addThumbnail: prepare('INSERT OR REPLACE INTO thumbnail (hash, start, length) VALUES (?, ?, ?)'),
    };
  }

  /** The slot of an image in a pack, or null. */
  slot(pack: string, hash: string): number | null {
    const row = this.#statements.slot.get(pack, hash);
    return row === undefined ? null : Number(row.slot);
  }

  /** The packs that have a tile of an image. */
  packsOf(hash: string): string[] {
    return this.#statements.packs.all(hash).map((row) => String(row.pack));
  }

  /** Notes tiles that are on the disk. */
  addTiles(pack: string, tiles: readonly { hash: string; slot: number }[]): void {
    inTransaction(this.#database, () => {
      for (const { hash, slot } of tiles) this.#statements.addTile.run(pack, hash, slot);
    });
  }

  /** The slot after the last one used. */
  nextSlot(pack: string): number {
    const row = this.#database.prepare('SELECT max(slot) AS last FROM tile WHERE pack = ?').get(pack);
    return row?.last == null ? 0 : Number(row.last) + 1;
  }

  /** Forgets the tiles from a slot on: the pack turned out shorter. @returns how many there were */
  dropTilesFrom(pack: string, slot: number): number {
    const { changes } = this.#database
      .prepare('DELETE FROM tile WHERE pack = ? AND slot >= ?')
      .run(pack, slot);
    return Number(changes);
  }

  /** The identity of a pack, or null when it has none yet. */
  packId(pack: string): string | null {
    const row = this.#database.prepare('SELECT id FROM pack WHERE name = ?').get(pack);
    return row === undefined ? null : String(row.id);
  }

  /** Gives a pack an identity. */
  setPackId(pack: string, id: string, now = Date.now()): void {
    this.#database
      .prepare(
        'INSERT INTO pack (name, id, used_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET id = excluded.id',
      )
      .run(pack, id, now);
  }

  /** Notes that a pack is used. */
  touchPack(pack: string, now = Date.now()): void {
    this.#database.prepare('UPDATE pack SET used_at = ? WHERE name = ?').run(now, pack);
  }

  /** All packs, the one unused for longest first. */
  packs(): PackUse[] {
    const rows = this.#database
      .prepare(
        `SELECT name, used_at, (SELECT count(*) FROM tile WHERE tile.pack = pack.name) AS tiles
         FROM pack ORDER BY used_at, name`,
      )
      .all();
    return rows.map((row) => ({
      name: String(row.name),
      usedAt: Number(row.used_at),
      tiles: Number(row.tiles),
    }));
  }

  /** Forgets a pack and its tiles, a few at a time, so that others get their turn in between. */
  async removePack(pack: string): Promise<void> {
    // Without its identity nothing else of it counts: a removal that is interrupted here is finished by the next opening.
    this.#database.prepare('DELETE FROM pack WHERE name = ?').run(pack);
    const some = this.#database.prepare(
      'DELETE FROM tile WHERE pack = ?1 AND hash IN (SELECT hash FROM tile WHERE pack = ?1 LIMIT ?2)',
    );
    while (some.run(pack, removedAtOnce).changes !== 0) await new Promise(setImmediate);
  }

  /** Forgets all thumbnails. */
  dropThumbnails(): void {
    this.#database.exec('DELETE FROM thumbnail');
  }

  /** Number of thumbnails. */
  thumbnails(): number {
    return Number(this.#database.prepare('SELECT count(*) AS thumbnails FROM thumbnail').get()?.thumbnails);
  }

  /** Where the thumbnail of an image lies, or null. */
  thumbnail(hash: string): ThumbnailPlace | null {
    const row = this.#statements.thumbnail.get(hash);
    return row === undefined ? null : { start: Number(row.start), length: Number(row.length) };
  }

  /** Notes thumbnails that are on the disk. */
  addThumbnails(thumbnails: readonly ({ hash: string } & ThumbnailPlace)[]): void {
    inTransaction(this.#database, () => {
      for (const { hash, start, length } of thumbnails)
        this.#statements.addThumbnail.run(hash, start, length);
    });
  }

  /** The end of the last thumbnail, in bytes. */
  thumbnailsEnd(): number {
    const row = this.#database.prepare('SELECT max(start + length) AS last FROM thumbnail').get();
    return row?.last == null ? 0 : Number(row.last);
  }

  /** Forgets the thumbnails that reach beyond a length. */
  dropThumbnailsBeyond(length: number): void {
    this.#database.prepare('DELETE FROM thumbnail WHERE start + length > ?').run(length);
  }

  close(): void {
    this.#database.close();
  }
}

/** What is there is of no use and can only be thrown away. */
class Useless extends Error {}

function openOrReplace(path: string): DatabaseSync {
  try {
    try {
      return openAt(path);
    } catch (error) {
      if (!(error instanceof Useless || isDamage(error))) throw error;
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
      return openAt(path);
    }
  } catch (error) {
    throw diskFailure(error, path) ?? error;
  }
}

function openAt(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    if (versionOf(database) !== cacheVersion) inTransaction(database, () => layOut(database));
    const { quick_check: verdict } = database.prepare('PRAGMA quick_check(1)').get() as {
      quick_check: string;
    };
    if (verdict !== 'ok') throw new Useless(verdict);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the tables in an index that is just being made. Another process may have been faster. */
function layOut(database: DatabaseSync): void {
  const version = versionOf(database);
  if (version === cacheVersion) return;
  const tables = Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables);
  if (version !== 0 || tables > 0) throw new Useless('the cache is of another version');
  database.exec(schema);
  database.exec(`PRAGMA user_version = ${cacheVersion}`);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
