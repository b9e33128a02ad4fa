/**
 * The database's history. Each migration runs once, in a transaction, after the file was backed up. A released
 * migration is never edited: change the schema by adding the next number.
 */
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../contract/shared/errors.ts';
import { applicationId } from './database-owner.ts';
import { rollBack } from './transaction.ts';

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
  {
    version: 2,
    what: 'edit journal, excluded and commented images, predictions, findings, groups, saved views',
    sql: `
      ALTER TABLE class ADD COLUMN none INTEGER NOT NULL DEFAULT 0 CHECK (none IN (0, 1));
      ALTER TABLE image ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1));
      ALTER TABLE image ADD COLUMN comment TEXT;
      ALTER TABLE image ADD COLUMN taken_at TEXT;
      ALTER TABLE image ADD COLUMN camera TEXT;
      DROP INDEX image_label;
      CREATE INDEX image_label ON image (class_id, split, excluded);
      CREATE INDEX image_excluded ON image (excluded);
      CREATE INDEX image_path ON image (path);
      CREATE INDEX image_comment ON image (id) WHERE comment IS NOT NULL;

      CREATE TABLE dataset_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        revision INTEGER NOT NULL,
        last_class_id INTEGER NOT NULL
      ) STRICT;
      INSERT INTO dataset_state VALUES (1, 0, 0);

      CREATE TABLE edit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        made_at TEXT NOT NULL,
        sentence TEXT NOT NULL,
        edit TEXT NOT NULL,
        changes TEXT NOT NULL,
        inverse TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
      ) STRICT;
      CREATE INDEX edit_undone ON edit (undone, id);

      CREATE TABLE prediction (
        run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
        class_id INTEGER NOT NULL,
        probability REAL NOT NULL,
        PRIMARY KEY (run_id, image_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX prediction_class ON prediction (run_id, class_id, probability);
      CREATE INDEX prediction_image ON prediction (image_id);

      CREATE TABLE check_result (
        check_id TEXT PRIMARY KEY,
        ran_at TEXT NOT NULL,
        fingerprint TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE finding (
        id INTEGER PRIMARY KEY,
        check_id TEXT NOT NULL,
        severity TEXT NOT NULL,
        message TEXT NOT NULL,
        score REAL NOT NULL,
        key TEXT NOT NULL,
        images INTEGER NOT NULL,
        paths TEXT NOT NULL,
        suggested_class_id INTEGER
      ) STRICT;
      CREATE INDEX finding_order ON finding (check_id, score DESC, id);
      CREATE INDEX finding_key ON finding (key);
      CREATE TABLE finding_image (
        finding_id INTEGER NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        image_id INTEGER NOT NULL,
        PRIMARY KEY (finding_id, place)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX finding_of_image ON finding_image (image_id, finding_id);
      CREATE TABLE dismissal (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

      CREATE TABLE near_duplicate (
        hash TEXT PRIMARY KEY,
        group_id INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX near_duplicate_group ON near_duplicate (group_id);

      CREATE TABLE saved_view (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        filter TEXT NOT NULL,
        sort TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 3,
    what: 'stages of a run, notes on runs, series of runs over several seeds',
    sql: `
      ALTER TABLE epoch ADD COLUMN stage TEXT NOT NULL DEFAULT 'training';
      ALTER TABLE run ADD COLUMN notes TEXT NOT NULL DEFAULT '';
      ALTER TABLE run ADD COLUMN series TEXT;
    `,
  },
  {
    version: 4,
    what: 'how a run was computed: as a graph or not, and in which precision',
    sql: `
      ALTER TABLE run ADD COLUMN computing TEXT;
    `,
  },
  {
    version: 5,
    what: 'the application id in the header, by which a database is known as ours',
    sql: `PRAGMA application_id = ${applicationId};`,
  },
  {
    version: 6,
    what: 'every use of the test photos and what for, kept when a run is removed',
    sql: `
      CREATE TABLE test_use (
        id INTEGER PRIMARY KEY,
        used_at TEXT NOT NULL,
        run_id TEXT NOT NULL,
        run_name TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('measured', 'threshold'))
      ) STRICT;
      INSERT INTO test_use (used_at, run_id, run_name, purpose)
        SELECT evaluation.created_at, run.id, run.name, 'measured'
        FROM evaluation JOIN run ON run.id = evaluation.run_id
        WHERE evaluation.split = 'test' ORDER BY evaluation.id;
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
      rollBack(database);
      throw error;
    }
  }
}
