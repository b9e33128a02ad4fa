/** Training runs: settings, history, evaluations. The weights lie beside, in `runs/<id>/`. */
import type { DatabaseSync } from 'node:sqlite';
import type { ErrorData, Split } from '../contract/vocabulary.ts';
import { runSettingsSchema } from '../contract/training-settings.ts';
import type { Epoch, Evaluation, Run, RunStatus } from '../contract/training.ts';

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
  database
    .prepare(
      `INSERT OR REPLACE INTO epoch (run_id, epoch, loss, accuracy, val_loss, val_accuracy, seconds, stage)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
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

/** Forgets the epochs after `lastKept`, before a resume trains them again. */
export function dropEpochsAfter(database: DatabaseSync, runId: string, lastKept: number): void {
  database.prepare('DELETE FROM epoch WHERE run_id = ? AND epoch > ?').run(runId, lastKept);
}

function history(database: DatabaseSync, runId: string): Epoch[] {
  return database
    .prepare(
      `SELECT epoch, loss, accuracy, val_loss AS valLoss, val_accuracy AS valAccuracy, seconds, stage
       FROM epoch WHERE run_id = ? ORDER BY epoch`,
    )
    .all(runId)
    .map((row) => ({ ...row })) as unknown as Epoch[];
}

function toRecord(database: DatabaseSync, row: Record<string, unknown>): RunRecord {
  const text = (key: string): string => String(row[key]);
  const parsed = <T>(key: string): T | null => (row[key] === null ? null : (JSON.parse(text(key)) as T));
  return {
    id: text('id'),
    name: text('name'),
    recipe: text('recipe'),
    status: text('status') as RunStatus,
    createdAt: text('created_at'),
    engine: text('engine'),
    device: text('device'),
    settings: runSettingsSchema.parse(parsed('settings')),
    classes: parsed<string[]>('classes')!,
    dataHash: text('data_hash'),
    params: Number(row.params),
    trainableWeights: Number(row.trainable_weights),
    seconds: Number(row.seconds),
    history: history(database, text('id')),
    test: parsed<Run['test']>('test') ?? null,
    error: parsed<ErrorData>('error'),
    notes: text('notes'),
    series: row.series === null ? null : text('series'),
    computing: parsed<Run['computing']>('computing') ?? null,
  };
}

/** One run, or null. */
export function findRun(database: DatabaseSync, id: string): RunRecord | null {
  const row = database.prepare('SELECT * FROM run WHERE id = ?').get(id);
  return row ? toRecord(database, row) : null;
}

/** All runs, newest first. */
export function listRuns(database: DatabaseSync): RunRecord[] {
  return database
    .prepare('SELECT * FROM run ORDER BY created_at DESC, id DESC')
    .all()
    .map((row) => toRecord(database, row));
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

/** The newest evaluation of each split of a run. */
export function listEvaluations(database: DatabaseSync, runId: string): Evaluation[] {
  const rows = database
    .prepare(
      `SELECT split, result FROM evaluation WHERE run_id = ?
       AND id IN (SELECT max(id) FROM evaluation WHERE run_id = ? GROUP BY split) ORDER BY split`,
    )
    .all(runId, runId) as unknown as { split: Split; result: string }[];
  return rows.map((row) => ({
    ...(JSON.parse(row.result) as Omit<Evaluation, 'uses'>),
    uses: countEvaluations(database, runId, row.split),
  }));
}
