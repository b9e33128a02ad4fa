/** What runs said about the images of the project. Classes are ids of the project, so that a rename changes nothing. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './prepared.ts';
import { inTransaction } from './transaction.ts';

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

/** The newest run with predictions, or null. */
export function newestPredictedRun(database: DatabaseSync): string | null {
  const row = prepared(
    database,
    `SELECT id FROM run WHERE EXISTS (SELECT 1 FROM prediction WHERE run_id = run.id)
     ORDER BY created_at DESC, id DESC LIMIT 1`,
  ).get();
  return row === undefined ? null : String(row.id);
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
