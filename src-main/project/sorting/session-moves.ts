/** The journal of a sorting: each file with where it goes and how far that is. */
import { z } from 'zod';
import type { AppError } from '../../contract/shared/errors.ts';
import { errorCodeSchema } from '../../contract/shared/vocabulary.ts';
import { prepared } from '../database/prepared.ts';
import { jsonColumn, readRows, soundRows } from '../database/stored-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import type { SortSession } from './session-database.ts';

const markSchema = z.object({
  kind: z.enum(['file', 'link', 'other']),
  bytes: z.number(),
  /** Nanoseconds since 1970. */
  modified: z.string(),
  /** Of the last change of content or name, nanoseconds since 1970. */
  changed: z.string(),
  /** Device and number of the file: the same for all its hard links. */
  file: z.string(),
});
/** What a file looked like: another one, or a changed one, looks different. */
export type FileMark = Readonly<z.infer<typeof markSchema>>;

const placedSchema = z.enum(['copied', 'moved', 'hard link', 'symbolic link']);
/** How a file got to its place. */
export type Placed = z.infer<typeof placedSchema>;

const moveSchema = z.object({
  id: z.number().int(),
  photo_id: z.number().int(),
  sidecar: z.number().int(),
  source: z.string(),
  target: z.string(),
  bytes: z.number(),
  modified: z.string(),
  hash: z.string().nullable(),
  /** `doing` and `undoing`: it may have happened. `kept`: an undo left it, for the reason noted. */
  state: z.enum(['planned', 'doing', 'done', 'failed', 'undoing', 'undone', 'kept']),
  placed: placedSchema.nullable(),
  mark: jsonColumn(markSchema).nullable(),
  code: errorCodeSchema.nullable(),
  params: jsonColumn(
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  ).nullable(),
});
/** A file that is moved, copied or linked: a photo, or what belongs to one. Paths are inside source and target. */
export type Move = z.infer<typeof moveSchema>;
export type MoveState = Move['state'];

const columns =
  'id, photo_id, sidecar, source, target, bytes, modified, hash, state, placed, mark, code, params';

/** A file with the place it is to have. */
export interface PlannedMove {
  readonly photo: number;
  readonly sidecar: boolean;
  readonly source: string;
  readonly target: string;
  readonly bytes: number;
  readonly modified: string;
  readonly hash: string | null;
}

/** Replaces the plan. Nothing of an earlier one may be in place any more. */
export function writePlan({ database }: SortSession, moves: readonly PlannedMove[]): void {
  const insert = prepared(
    database,
    `INSERT INTO move (photo_id, sidecar, source, target, bytes, modified, hash, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'planned')`,
  );
  inTransaction(database, () => {
    prepared(database, 'DELETE FROM move').run();
    for (const { photo, sidecar, source, target, bytes, modified, hash } of moves)
      insert.run(photo, sidecar ? 1 : 0, source, target, bytes, modified, hash);
  });
}

/** The next moves in one of these states, in order; backwards for an undo. */
export function movesIn(
  { database }: SortSession,
  states: readonly MoveState[],
  { max, backwards = false, after = 0 }: { max: number; backwards?: boolean; after?: number },
): Move[] {
  const rows = readRows(
    prepared(
      database,
      `SELECT ${columns} FROM move WHERE state IN (SELECT value FROM json_each(?)) AND id > ?
       ORDER BY id ${backwards ? 'DESC' : 'ASC'} LIMIT ?`,
    ),
    JSON.stringify(states),
    after,
    max,
  );
  return soundRows(moveSchema, rows);
}

/** How many moves are in each state; sidecars are counted too. */
export function countMoves({ database }: SortSession): Record<MoveState, number> {
  const counts = { planned: 0, doing: 0, done: 0, failed: 0, undoing: 0, undone: 0, kept: 0 };
  const rows = readRows(prepared(database, 'SELECT state, count(*) AS files FROM move GROUP BY state'));
  for (const { state, files } of rows) counts[state as MoveState] = Number(files);
  return counts;
}

/** What became of a photo's file. */
export type MovedPhoto = Pick<Move, 'target' | 'state' | 'placed' | 'code' | 'params'>;

/** Where each photo is put or is to be put, by its id. Undone moves are left out. */
export function targetsOfPhotos({ database }: SortSession): Map<number, MovedPhoto> {
  const rows = readRows(
    prepared(
      database,
      `SELECT photo_id, target, state, placed, code, params FROM move
       WHERE sidecar = 0 AND state <> 'undone' ORDER BY id`,
    ),
  );
  const schema = moveSchema.pick({
    photo_id: true,
    target: true,
    state: true,
    placed: true,
    code: true,
    params: true,
  });
  return new Map(soundRows(schema, rows).map(({ photo_id: photo, ...move }) => [photo, move]));
}

/** Where one photo is put; null while it is nowhere but in its old place. */
export function targetOfPhoto({ database }: SortSession, photo: number): string | null {
  const row = prepared(
    database,
    "SELECT target FROM move WHERE photo_id = ? AND sidecar = 0 AND state IN ('done', 'undoing', 'kept')",
  ).get(photo);
  return typeof row?.target === 'string' ? row.target : null;
}

/** Notes that moves are about to happen or have not happened. */
export function setState({ database }: SortSession, moves: readonly Move[], state: MoveState): void {
  const write = prepared(database, 'UPDATE move SET state = ?, code = NULL, params = NULL WHERE id = ?');
  inTransaction(database, () => {
    for (const { id } of moves) write.run(state, id);
  });
}

/** What came of a move. */
export interface Outcome {
  readonly id: number;
  readonly state: MoveState;
  readonly placed: Placed | null;
  readonly mark: FileMark | null;
  readonly error: AppError | null;
}

/** Writes what came of moves, all of it or nothing. */
export function writeOutcomes({ database }: SortSession, outcomes: readonly Outcome[]): void {
  const write = prepared(
    database,
    'UPDATE move SET state = ?, placed = ?, mark = ?, code = ?, params = ? WHERE id = ?',
  );
  inTransaction(database, () => {
    for (const { id, state, placed, mark, error } of outcomes) {
      const params = error === null ? null : JSON.stringify(error.params);
      write.run(state, placed, mark === null ? null : JSON.stringify(mark), error?.code ?? null, params, id);
    }
  });
}

/** Notes a folder that is about to be made. */
export function noteFolder({ database }: SortSession, path: string): void {
  prepared(database, 'INSERT OR IGNORE INTO made_folder (path) VALUES (?)').run(path);
}

/** The folders that were made, the innermost first. */
export function madeFolders({ database }: SortSession): string[] {
  const rows = readRows(prepared(database, 'SELECT path FROM made_folder ORDER BY length(path) DESC'));
  return rows.map(({ path }) => String(path));
}

/** Forgets the folders that were made. */
export function forgetFolders({ database }: SortSession): void {
  prepared(database, 'DELETE FROM made_folder').run();
}
