/** Files an import could not use, each with the code and the parameters of its reason. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ErrorCode, ErrorParams } from '../../contract/shared/errors.ts';
import { errorCodeSchema, errorDataSchema } from '../../contract/shared/vocabulary.ts';
import { prepared } from '../database/prepared.ts';
import { jsonColumn, parseRow, readRows } from '../database/stored-rows.ts';

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

const reasonSchema = z.object({
  code: errorCodeSchema,
  params: jsonColumn(errorDataSchema.shape.params),
});

/** All quarantined files, by path. One whose reason cannot be read is refused for that. */
export function listQuarantine(database: DatabaseSync): QuarantineRow[] {
  const statement = prepared(
    database,
    `SELECT quarantine.source_id AS sourceId, source.root AS sourceRoot, path, code, params
     FROM quarantine JOIN source ON source.id = quarantine.source_id ORDER BY path`,
  );
  return readRows(statement).map((row) => {
    const path = String(row.path);
    const parsed = parseRow(reasonSchema, row);
    const reason = 'value' in parsed ? parsed.value : illegible(path);
    return { sourceId: Number(row.sourceId), sourceRoot: String(row.sourceRoot), path, ...reason };
  });
}

function illegible(path: string): Pick<QuarantineRow, 'code' | 'params'> {
  return {
    code: 'FILE_UNREADABLE',
    params: { path, reason: 'why it was refused cannot be read any more; import it again' },
  };
}

/** How many files are quarantined. */
export function countQuarantine(database: DatabaseSync): number {
  return Number(
    (database.prepare('SELECT count(*) AS files FROM quarantine').get() as { files: number }).files,
  );
}
