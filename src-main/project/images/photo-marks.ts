/** What is known of all photos at once, column by column: for pictures of the whole dataset. */
import type { DatabaseSync } from 'node:sqlite';
import { bestPredictedRun } from '../runs/predictions.ts';
import { prepared } from '../database/prepared.ts';

/** Columns of all photos, excluded ones included, in the order of their ids. */
export interface PhotoColumns {
  readonly ids: readonly number[];
  readonly classes: readonly (number | null)[];
  readonly splits: readonly (string | null)[];
  readonly excluded: readonly number[];
}

function columns<Row>(database: DatabaseSync, sql: string, ...values: (string | number)[]): Row {
  const row = prepared(database, sql).get(...values) as Record<string, string>;
  return Object.fromEntries(Object.entries(row).map(([name, text]) => [name, JSON.parse(text)])) as Row;
}

/** Labels, splits and whether they are left out. */
export function photoColumns(database: DatabaseSync): PhotoColumns {
  return columns(
    database,
    `SELECT json_group_array(id) AS ids, json_group_array(class_id) AS classes, json_group_array(split) AS splits,
       json_group_array(excluded) AS excluded
     FROM (SELECT id, class_id, split, excluded FROM image ORDER BY id)`,
  );
}

/** Ids and contents of the photos that are not left out. */
export function photoContents(database: DatabaseSync): { ids: number[]; hashes: string[] } {
  return columns(
    database,
    `SELECT json_group_array(id) AS ids, json_group_array(hash) AS hashes
     FROM (SELECT id, hash FROM image WHERE excluded = 0 ORDER BY id)`,
  );
}

/** Ids and contents of the photos that are left out. */
export function excludedPhotos(database: DatabaseSync): { ids: number[]; hashes: string[] } {
  return columns(
    database,
    `SELECT json_group_array(id) AS ids, json_group_array(hash) AS hashes FROM image WHERE excluded = 1`,
  );
}

/** Ids, contents and labels of the photos that are not left out. */
export function photoLabels(database: DatabaseSync): {
  ids: number[];
  hashes: string[];
  classes: (number | null)[];
} {
  return columns(
    database,
    `SELECT json_group_array(id) AS ids, json_group_array(hash) AS hashes, json_group_array(class_id) AS classes
     FROM (SELECT id, hash, class_id FROM image WHERE excluded = 0 ORDER BY id)`,
  );
}

/** What the best finished run with predictions said of the photos; null when no run has any. */
export function bestPredictions(
  database: DatabaseSync,
): { run: { id: string; name: string }; ids: number[]; classes: number[] } | null {
  const id = bestPredictedRun(database);
  if (id === null) return null;
  const found = prepared(database, 'SELECT name FROM run WHERE id = ?').get(id);
  return {
    run: { id, name: String(found?.name) },
    ...columns<{ ids: number[]; classes: number[] }>(
      database,
      `SELECT json_group_array(image_id) AS ids, json_group_array(class_id) AS classes
       FROM prediction WHERE run_id = ?`,
      id,
    ),
  };
}

/** Photos with findings that were not dismissed, by check. */
export function photosWithFindings(database: DatabaseSync): Map<string, number[]> {
  const rows = prepared(
    database,
    `SELECT check_id AS id, json_group_array(image_id) AS images FROM (
       SELECT DISTINCT check_id, image_id FROM finding JOIN finding_image ON finding_id = finding.id
       WHERE key NOT IN (SELECT key FROM dismissal)) GROUP BY check_id`,
  ).all();
  return new Map(rows.map((row) => [String(row.id), JSON.parse(String(row.images)) as number[]]));
}
