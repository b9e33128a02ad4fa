/** Photos as checks read them. */
import type { DatabaseSync } from 'node:sqlite';
import type { Split } from '../../contract/shared/vocabulary.ts';

/** A photo as checks see it. */
export interface CheckedPhoto {
  readonly id: number;
  readonly hash: string;
  /** Path inside the source. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly format: string;
  readonly classId: number | null;
  readonly split: Split | null;
}

const columns = 'id, hash, path, width, height, bytes, format, class_id AS classId, split';

/** All photos that are not excluded, by id. */
export function checkedPhotos(database: DatabaseSync): CheckedPhoto[] {
  return database
    .prepare(`SELECT ${columns} FROM image WHERE excluded = 0 ORDER BY id`)
    .all() as unknown as CheckedPhoto[];
}

/** Photos by id, in the order asked for, excluded ones included. */
export function checkedPhotosById(database: DatabaseSync, ids: readonly number[]): CheckedPhoto[] {
  const rows = database
    .prepare(`SELECT ${columns} FROM image WHERE id IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(ids)) as unknown as CheckedPhoto[];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
