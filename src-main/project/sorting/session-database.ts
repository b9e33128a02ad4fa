/**
 * The record of one sorting: an SQLite database in its own folder. It says of each photo what was seen and where
 * it was put, and each step is in it before it is taken: whoever opens it after a kill knows what may have happened.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { preprocessingSchema } from '../../contract/shared/preprocessing.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { explainOpenFailure } from '../database/open-failure.ts';

/** The file in the folder of a sorting. */
export const sessionFile = 'sort.db';
const format = 1;

const tables = `
  CREATE TABLE about (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL) STRICT;
  CREATE TABLE photo (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified TEXT NOT NULL,
    hash TEXT,
    taken_at TEXT,
    camera TEXT,
    latitude REAL,
    longitude REAL,
    boxes TEXT,
    aside TEXT,
    judged TEXT,
    distance REAL,
    code TEXT,
    params TEXT,
    burst INTEGER,
    label TEXT,
    probability REAL,
    unknown TEXT,
    verdict TEXT,
    -- Last: what stands before is read without it.
    probabilities BLOB
  ) STRICT;
  CREATE INDEX photo_state ON photo (state, id);
  CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step INTEGER NOT NULL,
    photo_id INTEGER NOT NULL REFERENCES photo (id),
    before TEXT
  ) STRICT;
  CREATE TABLE move (
    id INTEGER PRIMARY KEY,
    photo_id INTEGER NOT NULL REFERENCES photo (id),
    sidecar INTEGER NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified TEXT NOT NULL,
    hash TEXT,
    state TEXT NOT NULL,
    placed TEXT,
    mark TEXT,
    code TEXT,
    params TEXT
  ) STRICT;
  CREATE INDEX move_state ON move (state, id);
  CREATE INDEX move_photo ON move (photo_id);
  CREATE TABLE made_folder (path TEXT PRIMARY KEY) STRICT;
`;

/** What a sorting is about, and how far it is. */
export const aboutSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  /** Kept on this machine too: another machine's sorting, in a project from a stranger, moves nothing here. */
  token: z.string(),
  /** The folder of photos. */
  source: z.string(),
  /** The run, for the page; null for a model file. */
  run: z.string().nullable(),
  model: z.object({
    path: z.string(),
    preprocessing: preprocessingSchema.optional(),
    classes: z.array(z.string()).optional(),
    /** Size and time of its file: another model looks different. */
    stamp: z.string(),
  }),
  classes: z.array(z.string()),
  /** Below this probability a photo is unknown; null: as the model was calibrated. */
  threshold: z.number().nullable(),
  /** Seconds between two photos of a burst; null: each photo by itself. */
  burst: z.number().nullable(),
  /** The file of detections, and the confidence from which they count. */
  boxes: z.object({ path: z.string(), confidence: z.number() }).nullable(),
  /** Photos in the file of detections that are not in the folder. */
  boxesMissing: z.number().int(),
  /** Links that were passed over. */
  links: z.number().int(),
  stage: z.enum(['looking', 'predicting', 'ready', 'applying', 'applied', 'undoing']),
  by: z.enum(['copy', 'move', 'link']).nullable(),
  out: z.string().nullable(),
  /** Seconds spent predicting. */
  seconds: z.number(),
});
export type About = z.infer<typeof aboutSchema>;

/** A sorting, open. Held by one process at a time. */
export class SortSession {
  readonly folder: string;
  readonly database: DatabaseSync;
  #about: About;

  private constructor(folder: string, database: DatabaseSync, about: About) {
    this.folder = folder;
    this.database = database;
    this.#about = about;
  }

  /** Makes the record of a new sorting in a folder that is there. @throws AppError FILE_UNWRITABLE, DISK_FULL */
  static create(folder: string, about: About): SortSession {
    const database = connect(folder);
    try {
      database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${format};`);
      database.prepare('INSERT INTO about (id, text) VALUES (1, ?)').run(JSON.stringify(about));
      database.exec('COMMIT');
    } catch (error) {
      database.close();
      throw explainOpenFailure(error, folder);
    }
    return new SortSession(folder, database, about);
  }

  /** Opens one. @throws AppError SORT_LOCKED, SORT_DAMAGED, PATH_IS_LINK */
  static open(folder: string): SortSession {
    if (!existsSync(ownPath(folder, sessionFile)))
      throw new AppError('SORT_DAMAGED', { path: folder, reason: 'its database is missing' });
    const database = connect(folder);
    try {
      const { user_version: found } = database.prepare('PRAGMA user_version').get() as {
        user_version: number;
      };
      if (found !== format) throw new Error(`its format is ${found}`);
      const row = database.prepare('SELECT text FROM about').get();
      return new SortSession(folder, database, aboutSchema.parse(JSON.parse(String(row?.text))));
    } catch (error) {
      database.close();
      const reason = error instanceof z.ZodError ? error.issues[0].message : (error as Error).message;
      throw new AppError('SORT_DAMAGED', { path: folder, reason }, { cause: error });
    }
  }

  get about(): About {
    return this.#about;
  }

  /** Changes what it is about, on the disk first. */
  update(change: Partial<About>): void {
    const about = { ...this.#about, ...change };
    this.database.prepare('UPDATE about SET text = ? WHERE id = 1').run(JSON.stringify(about));
    this.#about = about;
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

/** @throws AppError SORT_LOCKED, FILE_UNWRITABLE, … */
function connect(folder: string): DatabaseSync {
  const path = ownPath(folder, sessionFile);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // The first write takes the lock, and it is held until the database is closed or its process ends.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    // A step is on the disk before it is taken, also when the power fails.
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database?.close();
    if (/locked/i.test(String(error))) throw new AppError('SORT_LOCKED', { path: folder }, { cause: error });
    if (/not a database|malformed/i.test(String(error)))
      throw new AppError('SORT_DAMAGED', { path: folder, reason: String(error) }, { cause: error });
    throw explainOpenFailure(error, path);
  }
}
