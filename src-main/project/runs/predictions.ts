/** What runs said about the images of the project. Classes are ids of the project, so that a rename changes nothing. */
import type { DatabaseSync } from 'node:sqlite';
import { bestFirst } from '../../contract/app/best-run.ts';
import type { RunStatus } from '../../contract/app/runs.ts';
import { prepared } from '../database/prepared.ts';
import { inTransaction } from '../database/transaction.ts';

/** A run's answer for one image. */
export interface PredictionRow {
  readonly imageId: number;
  /** The class it said. */
  readonly classId: number;
  /** Its probability, 0–1. */
  readonly probability: number;
}

/** Keeps a run's answers, replacing those it gave for the same images before. */
export function storePredictions(
  database: DatabaseSync,
  runId: string,
  predictions: Iterable<PredictionRow>,
): void {
  inTransaction(database, () => {
    const insert = prepared(
      database,
      'INSERT OR REPLACE INTO prediction (run_id, image_id, class_id, probability) VALUES (?, ?, ?, ?)',
    );
    for (const { imageId, classId, probability } of predictions)
      insert.run(runId, imageId, classId, probability);
  });
}

/** The run whose predictions are meant where none is named: the best of those that have some, or null. */
export function bestPredictedRun(database: DatabaseSync): string | null {
  // Only what the rule looks at: runs whose settings are damaged take part as well.
  const rows = prepared(
    database,
    `SELECT id, status, created_at AS createdAt, classes, json_extract(test, '$.accuracy') AS accuracy,
       (SELECT max(val_accuracy) FROM epoch WHERE run_id = run.id) AS validation
     FROM run WHERE EXISTS (SELECT 1 FROM prediction WHERE run_id = run.id)
     ORDER BY created_at DESC, id DESC`,
  ).all();
  const runs = rows.map(({ id, status, createdAt, classes, accuracy, validation }) => ({
    id: String(id),
    status: String(status) as RunStatus,
    createdAt: String(createdAt),
    // Compared, never read.
    classes: [String(classes)],
    test: accuracy === null ? null : { accuracy: Number(accuracy) },
    validation: validation === null ? null : Number(validation),
  }));
  return bestFirst(runs).at(0)?.id ?? null;
}

/** A run's answers for some images, by image id. */
export function findPredictions(
  database: DatabaseSync,
  runId: string,
  imageIds: readonly number[],
): Map<number, { classId: number; probability: number }> {
  const rows = prepared(
    database,
    `SELECT image_id AS id, class_id AS classId, probability FROM prediction
     WHERE run_id = ? AND image_id IN (SELECT value FROM json_each(?))`,
  ).all(runId, JSON.stringify(imageIds));
  return new Map(
    rows.map((row) => [
      Number(row.id),
      { classId: Number(row.classId), probability: Number(row.probability) },
    ]),
  );
}
