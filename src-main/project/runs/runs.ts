/** Training runs: settings, history, evaluations. The weights lie beside, in `runs/<id>/`. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import type { Split } from '../../contract/shared/vocabulary.ts';
import {
  type DamagedRun,
  type Epoch,
  type Evaluation,
  type Run,
  evaluationSchema,
  runSchema,
} from '../../contract/app/runs.ts';
import { runIdSchema } from '../../core/text/ids.ts';
import { prepared } from '../database/prepared.ts';
import {
  type StoredRow,
  jsonColumn,
  parseRow,
  readRow,
  readRows,
  soundRows,
} from '../database/stored-rows.ts';
import { inTransaction } from '../database/transaction.ts';

/** A run as the database keeps it; what lives only while it trains (progress) is not here. */
export type RunRecord = Omit<Run, 'progress' | 'resumable' | 'totalEpochs'>;

/** Adds a run. */
export function insertRun(database: DatabaseSync, run: RunRecord): void {
  database
    .prepare(
      `INSERT INTO run (id, name, recipe, status, created_at, engine, device, settings, classes, data_hash, params,
         trainable_weights, seconds, test, error, notes, series, computing)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      run.id,
      run.name,
      run.recipe,
      run.status,
      run.createdAt,
      run.engine,
      run.device,
      JSON.stringify(run.settings),
      JSON.stringify(run.classes),
      run.dataHash,
      run.params,
      run.trainableWeights,
      run.seconds,
      run.test === null ? null : JSON.stringify(run.test),
      run.error === null ? null : JSON.stringify(run.error),
      run.notes,
      run.series,
      run.computing === null ? null : JSON.stringify(run.computing),
    );
}

/** What of a run may change after it was made. */
export type RunChange = Partial<
  Pick<
    RunRecord,
    | 'name'
    | 'status'
    | 'engine'
    | 'device'
    | 'params'
    | 'trainableWeights'
    | 'seconds'
    | 'test'
    | 'error'
    | 'settings'
    | 'notes'
    | 'computing'
  >
>;

const changeColumns: Record<keyof RunChange, string> = {
  name: 'name',
  status: 'status',
  engine: 'engine',
  device: 'device',
  params: 'params',
  trainableWeights: 'trainable_weights',
  seconds: 'seconds',
  test: 'test',
  error: 'error',
  settings: 'settings',
  notes: 'notes',
  computing: 'computing',
};

/** Changes fields of a run. */
export function updateRun(database: DatabaseSync, id: string, change: RunChange): void {
  const keys = Object.keys(change) as (keyof RunChange)[];
  if (keys.length === 0) return;
  const values = keys.map((key) => {
    const value = change[key];
    if (value === null || value === undefined) return null;
    return typeof value === 'object' ? JSON.stringify(value) : value;
  });
  const assignments = keys.map((key) => `${changeColumns[key]} = ?`).join(', ');
  database.prepare(`UPDATE run SET ${assignments} WHERE id = ?`).run(...values, id);
}

/** Adds one epoch to a run's history, replacing it when the epoch was trained again after a resume. */
export function insertEpoch(database: DatabaseSync, runId: string, epoch: Epoch): void {
  prepared(
    database,
    `INSERT OR REPLACE INTO epoch (run_id, epoch, loss, accuracy, val_loss, val_accuracy, seconds, stage)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    runId,
    epoch.epoch,
    epoch.loss,
    epoch.accuracy,
    epoch.valLoss,
    epoch.valAccuracy,
    epoch.seconds,
    epoch.stage,
  );
}

/** Puts a run's history in place of the one before. To be called in a transaction. */
function writeHistory(database: DatabaseSync, runId: string, history: readonly Epoch[]): void {
  prepared(database, 'DELETE FROM epoch WHERE run_id = ?').run(runId);
  for (const epoch of history) insertEpoch(database, runId, epoch);
}

/** Puts a run's history in place of the one before, before a resume goes on from its checkpoint. */
export function replaceHistory(database: DatabaseSync, runId: string, history: readonly Epoch[]): void {
  inTransaction(database, () => writeHistory(database, runId, history));
}

/** Writes all that may change of a run, its history included: what could not be written when it happened. */
export function rewriteRun(database: DatabaseSync, run: RunRecord): void {
  const keys = Object.keys(changeColumns) as (keyof RunChange)[];
  const change = Object.fromEntries(keys.map((key) => [key, run[key]])) as RunChange;
  inTransaction(database, () => {
    updateRun(database, run.id, change);
    writeHistory(database, run.id, run.history);
  });
}

/** A run's row with its history, as the database must have it. */
const rowSchema = z.object({
  ...runSchema.omit({ progress: true, resumable: true, totalEpochs: true }).shape,
  id: runIdSchema,
  settings: jsonColumn(runSchema.shape.settings),
  classes: jsonColumn(runSchema.shape.classes),
  test: jsonColumn(runSchema.shape.test).nullable(),
  error: jsonColumn(runSchema.shape.error).nullable(),
  computing: jsonColumn(runSchema.shape.computing).nullable(),
});

function readHistory(database: DatabaseSync, runId: string): StoredRow[] {
  const statement = prepared(
    database,
    `SELECT epoch, loss, accuracy, val_loss AS valLoss, val_accuracy AS valAccuracy, seconds, stage
     FROM epoch WHERE run_id = ? ORDER BY epoch`,
  );
  return readRows(statement, runId);
}

function toRecord(database: DatabaseSync, row: StoredRow): RunRecord | DamagedRun {
  const { created_at: createdAt, data_hash: dataHash, trainable_weights: trainableWeights, ...same } = row;
  const history = readHistory(database, String(row.id));
  const parsed = parseRow(rowSchema, { ...same, createdAt, dataHash, trainableWeights, history });
  return 'value' in parsed ? parsed.value : damagedRun(row, parsed.reason);
}

/** How a run is listed that cannot be read: what is legible of it, and what is wrong. */
function damagedRun(row: StoredRow, reason: string): DamagedRun {
  const id = String(row.id);
  const name = typeof row.name === 'string' && row.name !== '' ? row.name : id;
  const createdAt = runSchema.shape.createdAt.safeParse(row.created_at).data ?? null;
  return { id, name, createdAt, error: new AppError('TRAINING_RUN_DAMAGED', { name, reason }).toData() };
}

/** True for a run that cannot be read. */
export function isDamagedRun(run: RunRecord | DamagedRun): run is DamagedRun {
  return !('status' in run);
}

/** One run, damaged or not; null when there is none. */
export function readRun(database: DatabaseSync, id: string): RunRecord | DamagedRun | null {
  const row = readRow(prepared(database, 'SELECT * FROM run WHERE id = ?'), id);
  return row === null ? null : toRecord(database, row);
}

/** One run, or null. @throws AppError TRAINING_RUN_DAMAGED */
export function findRun(database: DatabaseSync, id: string): RunRecord | null {
  const run = readRun(database, id);
  if (run !== null && isDamagedRun(run)) throw AppError.fromData(run.error);
  return run;
}

/** All runs, newest first; damaged ones apart. */
export function listRuns(database: DatabaseSync): { sound: RunRecord[]; damaged: DamagedRun[] } {
  const sound: RunRecord[] = [];
  const damaged: DamagedRun[] = [];
  for (const row of readRows(prepared(database, 'SELECT * FROM run ORDER BY created_at DESC, id DESC'))) {
    const run = toRecord(database, row);
    if (isDamagedRun(run)) damaged.push(run);
    else sound.push(run);
  }
  return { sound, damaged };
}

/** How many runs there are, damaged ones included. */
export function countRuns(database: DatabaseSync): number {
  return Number(readRow(prepared(database, 'SELECT count(*) AS runs FROM run'))?.runs ?? 0);
}

/** Removes a run with its history and evaluations; its folder is the caller's to remove. */
export function deleteRun(database: DatabaseSync, id: string): void {
  database.prepare('DELETE FROM run WHERE id = ?').run(id);
}

/** Keeps an evaluation. Returns how often this split has now been used for this run. */
export function insertEvaluation(
  database: DatabaseSync,
  runId: string,
  evaluation: Omit<Evaluation, 'uses'>,
): number {
  database
    .prepare('INSERT INTO evaluation (run_id, split, created_at, result) VALUES (?, ?, ?, ?)')
    .run(runId, evaluation.split, new Date().toISOString(), JSON.stringify(evaluation));
  return countEvaluations(database, runId, evaluation.split);
}

function countEvaluations(database: DatabaseSync, runId: string, split: Split): number {
  const row = database
    .prepare('SELECT count(*) AS uses FROM evaluation WHERE run_id = ? AND split = ?')
    .get(runId, split) as { uses: number };
  return Number(row.uses);
}

const storedEvaluation = z.object({ result: jsonColumn(evaluationSchema.omit({ uses: true })) });

/** The newest evaluation of each split of a run; one that cannot be read is left out, as it can be made again. */
export function listEvaluations(database: DatabaseSync, runId: string): Evaluation[] {
  const statement = prepared(
    database,
    `SELECT result FROM evaluation WHERE run_id = ?
     AND id IN (SELECT max(id) FROM evaluation WHERE run_id = ? GROUP BY split) ORDER BY split`,
  );
  return soundRows(storedEvaluation, readRows(statement, runId, runId)).map(({ result }) => ({
    ...result,
    uses: countEvaluations(database, runId, result.split),
  }));
}
