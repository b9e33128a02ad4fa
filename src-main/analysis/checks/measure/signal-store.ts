/**
 * `cache/signals.db`: the measurements of each photo by the hash of its content. May be deleted at any time; what is
 * missing is measured again.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isDamage } from '../../../project/database/database-error.ts';
import { inTransaction } from '../../../project/database/transaction.ts';
import { type Signals, signalsVersion } from './signals.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS signal (
    hash TEXT PRIMARY KEY,
    sharpness REAL NOT NULL, brightness REAL NOT NULL, contrast REAL NOT NULL, saturation REAL NOT NULL,
    dark REAL NOT NULL, bright REAL NOT NULL,
    hashes BLOB NOT NULL, grey BLOB NOT NULL, colour BLOB NOT NULL, border BLOB NOT NULL
  ) STRICT;
`;

/** The numbers of a photo, without its pictures. */
export type SignalNumbers = Omit<Signals, 'hashes' | 'grey' | 'colour' | 'border'>;

/** The store of one project's measurements. */
export class SignalStore {
  readonly path: string;
  #database: DatabaseSync | null = null;
  readonly #statements = new Map<string, StatementSync>();

  /** @param path of the database; made by the first call */
  constructor(path: string) {
    this.path = path;
  }

  #open(): DatabaseSync {
    if (this.#database !== null && !existsSync(this.path)) this.close();
    return (this.#database ??= openOrReplace(this.path));
  }

  #prepared(sql: string): StatementSync {
    const database = this.#open();
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = database.prepare(sql)));
    return statement;
  }

  /** Which of these photos are not measured yet, each once. */
  missing(hashes: Iterable<string>): Set<string> {
    const has = this.#prepared('SELECT 1 FROM signal WHERE hash = ?');
    const missing = new Set<string>();
    for (const hash of hashes) if (!missing.has(hash) && has.get(hash) === undefined) missing.add(hash);
    return missing;
  }

  /** Adds measurements. */
  write(rows: readonly { hash: string; signals: Signals }[]): void {
    const insert = this.#prepared('INSERT OR REPLACE INTO signal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    inTransaction(this.#open(), () => {
      for (const { hash, signals } of rows) {
        const { sharpness, brightness, contrast, saturation, dark, bright, hashes, grey, colour, border } =
          signals;
        const numbers = [sharpness, brightness, contrast, saturation, dark, bright];
        insert.run(hash, ...numbers, bytesOf(hashes), grey, bytesOf(colour), border);
      }
    });
  }

  /** The numbers of a photo, or null when it is not measured yet. */
  read(hash: string): SignalNumbers | null {
    const row = this.#prepared(
      'SELECT sharpness, brightness, contrast, saturation, dark, bright FROM signal WHERE hash = ?',
    ).get(hash);
    return (row as unknown as SignalNumbers | undefined) ?? null;
  }

  /** The perceptual hashes of a photo, or null. */
  hashes(hash: string): Int32Array | null {
    const bytes = this.#blob('hashes', hash);
    return bytes === null ? null : new Int32Array(Uint8Array.from(bytes).buffer);
  }

  /** The small grey picture of a photo, or null. */
  grey(hash: string): Uint8Array | null {
    return this.#blob('grey', hash);
  }

  /** The colours of a photo in a few fields, or null. */
  colour(hash: string): Int8Array | null {
    const bytes = this.#blob('colour', hash);
    return bytes === null ? null : new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** What the border of a photo looks like, or null. */
  border(hash: string): Uint8Array | null {
    return this.#blob('border', hash);
  }

  #blob(column: 'hashes' | 'grey' | 'colour' | 'border', hash: string): Uint8Array | null {
    const row = this.#prepared(`SELECT ${column} AS bytes FROM signal WHERE hash = ?`).get(hash);
    return row === undefined ? null : (row.bytes as Uint8Array);
  }

  close(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = null;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Int8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function openOrReplace(path: string): DatabaseSync {
  const folder = dirname(path);
  if (!existsSync(folder)) mkdirSync(folder);
  try {
    return openAt(path);
  } catch (error) {
    // A full disk is no reason to measure everything again.
    if (!isDamage(error)) throw error;
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    return openAt(path);
  }
}

function openAt(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 10000');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version !== signalsVersion) database.exec('DROP TABLE IF EXISTS signal');
    database.exec(`${schema} PRAGMA user_version = ${signalsVersion}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
