/**
 * `cache/index.db`: where in the packs each image's tile and thumbnail lie, by the hash of the image's content. A row
 * is written only after its bytes are safely on the disk, so a row never points at anything else.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

const schema = `
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

/** The index of one project's cache. */
export class CacheIndex {
  readonly #database: DatabaseSync;
  readonly #statements: Record<'slot' | 'packs' | 'addTile' | 'thumbnail' | 'addThumbnail', StatementSync>;

  /** Opens or makes the index. A damaged one is thrown away: everything in it can be made again. */
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
    this.#inTransaction(() => {
      for (const { hash, slot } of tiles) this.#statements.addTile.run(pack, hash, slot);
    });
  }

  /** The slot after the last one used. */
  nextSlot(pack: string): number {
    const row = this.#database.prepare('SELECT max(slot) AS last FROM tile WHERE pack = ?').get(pack);
    return row?.last == null ? 0 : Number(row.last) + 1;
  }

  /** Forgets the tiles from a slot on: the pack turned out shorter. */
  dropTilesFrom(pack: string, slot: number): void {
    this.#database.prepare('DELETE FROM tile WHERE pack = ? AND slot >= ?').run(pack, slot);
  }

  /** Where the thumbnail of an image lies, or null. */
  thumbnail(hash: string): ThumbnailPlace | null {
    const row = this.#statements.thumbnail.get(hash);
    return row === undefined ? null : { start: Number(row.start), length: Number(row.length) };
  }

  /** Notes thumbnails that are on the disk. */
  addThumbnails(thumbnails: readonly ({ hash: string } & ThumbnailPlace)[]): void {
    this.#inTransaction(() => {
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

  #inTransaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

function openOrReplace(path: string): DatabaseSync {
  try {
    return openAt(path);
  } catch {
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    return openAt(path);
  }
}

function openAt(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
    database.exec(schema);
    const { quick_check: verdict } = database.prepare('PRAGMA quick_check(1)').get() as {
      quick_check: string;
    };
    if (verdict !== 'ok') throw new Error(verdict);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
