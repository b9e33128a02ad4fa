/**
 * The database's history. Each migration runs once, in a transaction, after the file was backed up. A released
 * migration is never edited: change the schema by adding the next number.
 */
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../contract/errors.ts';

interface Migration {
  readonly version: number;
  readonly what: string;
  readonly sql: string;
}

const migrations: readonly Migration[] = [
  {
    version: 1,
    what: 'images, classes, sources, quarantine, runs',
    sql: `
      CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('folder', 'upload', 'idx', 'sample')),
        root TEXT NOT NULL UNIQUE,
        imported_at TEXT NOT NULL
      ) STRICT;

      CREATE TABLE class (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        position INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE image (
        id INTEGER PRIMARY KEY,
        source_id INTEGER NOT NULL REFERENCES source (id),
        path TEXT NOT NULL,
        hash TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        modified REAL NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        format TEXT NOT NULL,
        class_id INTEGER REFERENCES class (id),
        split TEXT CHECK (split IN ('train', 'validation', 'test')),
        created_at TEXT NOT NULL,
        UNIQUE (source_id, path)
      ) STRICT;
      CREATE INDEX image_hash ON image (hash);
      CREATE INDEX image_label ON image (class_id, split);

      CREATE TABLE quarantine (
        source_id INTEGER NOT NULL REFERENCES source (id),
        path TEXT NOT NULL,
        code TEXT NOT NULL,
        params TEXT NOT NULL,
        found_at TEXT NOT NULL,
        PRIMARY KEY (source_id, path)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        recipe TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at TEXT NOT NULL,
        engine TEXT NOT NULL DEFAULT '',
        device TEXT NOT NULL DEFAULT '',
        settings TEXT NOT NULL,
        classes TEXT NOT NULL,
        data_hash TEXT NOT NULL,
        params INTEGER NOT NULL DEFAULT 0,
        trainable_weights INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        test TEXT,
        error TEXT
      ) STRICT;

      CREATE TABLE epoch (
        run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        loss REAL NOT NULL,
        accuracy REAL NOT NULL,
        val_loss REAL,
        val_accuracy REAL,
        seconds REAL NOT NULL,
        PRIMARY KEY (run_id, epoch)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE evaluation (
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        split TEXT NOT NULL,
        created_at TEXT NOT NULL,
        result TEXT NOT NULL
      ) STRICT;
      CREATE INDEX evaluation_run ON evaluation (run_id, split);
    `,
  },
];

/** The newest format this Lenslet knows. */
export const newestVersion = migrations.at(-1)!.version;

/** The format of a database, 0 for an empty one. */
export function databaseVersion(database: DatabaseSync): number {
  return Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
}

/**
 * Brings a database to the newest format.
 * @param backUp called once before the first change of a database that already holds something
 * @throws AppError PROJECT_TOO_NEW when a newer Lenslet wrote it
 */
export function migrate(database: DatabaseSync, path: string, backUp: (version: number) => void): void {
  const found = databaseVersion(database);
  if (found > newestVersion) throw new AppError('PROJECT_TOO_NEW', { path, found, known: newestVersion });
  const pending = migrations.filter((migration) => migration.version > found);
  if (pending.length === 0) return;
  if (found > 0) backUp(found);
  for (const migration of pending) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migration.sql);
      database.exec(`PRAGMA user_version = ${migration.version}`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}
