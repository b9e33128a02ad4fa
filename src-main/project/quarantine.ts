/** Files an import could not use, each with the code and the parameters of its reason. */
import type { DatabaseSync } from 'node:sqlite';
import type { ErrorCode, ErrorParams } from '../contract/errors.ts';
import { prepared } from './prepared.ts';

/** One refused file. */
export interface QuarantineRow {
  readonly sourceId: number;
  readonly sourceRoot: string;
  /** Path inside the source. */
  readonly path: string;
  readonly code: ErrorCode;
  readonly params: ErrorParams;
}

/** Remembers why a file could not be used; a second import overwrites the reason. */
export function quarantineFile(
  database: DatabaseSync,
  sourceId: number,
  path: string,
  code: ErrorCode,
  params: ErrorParams,
): void {
  database
    .prepare(
      'INSERT OR REPLACE INTO quarantine (source_id, path, code, params, found_at) VALUES (?, ?, ?, ?, ?)',
    )
    .run(sourceId, path, code, JSON.stringify(params), new Date().toISOString());
}

/** Takes a file out of quarantine, e.g. when it was replaced by a good one. */
export function releaseFile(database: DatabaseSync, sourceId: number, path: string): void {
  prepared(database, 'DELETE FROM quarantine WHERE source_id = ? AND path = ?').run(sourceId, path);
}

/** All quarantined files, by path. */
export function listQuarantine(database: DatabaseSync): QuarantineRow[] {
  return database
    .prepare(
      `SELECT quarantine.source_id AS sourceId, source.root AS sourceRoot, path, code, params
       FROM quarantine JOIN source ON source.id = quarantine.source_id ORDER BY path`,
    )
    .all()
    .map((row) => ({
      sourceId: Number(row.sourceId),
      sourceRoot: String(row.sourceRoot),
      path: String(row.path),
      code: String(row.code) as ErrorCode,
      params: JSON.parse(String(row.params)) as ErrorParams,
    }));
}

/** How many files are quarantined. */
export function countQuarantine(database: DatabaseSync): number {
  return Number(
    (database.prepare('SELECT count(*) AS files FROM quarantine').get() as { files: number }).files,
  );
}
