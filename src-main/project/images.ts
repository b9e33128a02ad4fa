/** The images of a project: where each came from, what it is, its label and split. */
import type { DatabaseSync } from 'node:sqlite';
import type { Split } from '../contract/vocabulary.ts';
import { prepared } from './prepared.ts';

/** One image, its source folder included. */
export interface ImageRow {
  readonly id: number;
  readonly sourceId: number;
  readonly sourceKind: SourceKind;
  readonly sourceRoot: string;
  /** Path inside the source, with forward slashes. */
  readonly path: string;
  readonly hash: string;
  readonly bytes: number;
  readonly modified: number;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly classId: number | null;
  readonly split: Split | null;
}

/** How images came in. */
export type SourceKind = 'folder' | 'upload' | 'idx' | 'sample';

/** What an import writes for one image. */
export type NewImage = Omit<ImageRow, 'id' | 'sourceKind' | 'sourceRoot'>;

/** Which images to list. */
export interface ImageFilter {
  readonly classId?: number | undefined;
  readonly split?: Split | undefined;
  readonly unlabelled?: boolean | undefined;
  readonly text?: string | undefined;
}

const columns = `image.id, image.source_id AS sourceId, source.kind AS sourceKind, source.root AS sourceRoot,
  image.path, image.hash, image.bytes, image.modified, image.width, image.height, image.format,
  image.class_id AS classId, image.split`;
const from = 'FROM image JOIN source ON source.id = image.source_id';

/** The id of a source, made when it is new. */
export function ensureSource(database: DatabaseSync, kind: SourceKind, root: string): number {
  database
    .prepare('INSERT INTO source (kind, root, imported_at) VALUES (?, ?, ?) ON CONFLICT (root) DO NOTHING')
    .run(kind, root, new Date().toISOString());
  return Number((database.prepare('SELECT id FROM source WHERE root = ?').get(root) as { id: number }).id);
}

/** Adds an image, or replaces what is known of the file at the same place. Returns its id. */
export function upsertImage(database: DatabaseSync, image: NewImage): number {
  const statement = prepared(
    database,
    `INSERT INTO image (source_id, path, hash, bytes, modified, width, height, format, class_id, split, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (source_id, path) DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes,
       modified = excluded.modified, width = excluded.width, height = excluded.height, format = excluded.format
     RETURNING id`,
  );
  const row = statement.get(
    image.sourceId,
    image.path,
    image.hash,
    image.bytes,
    image.modified,
    image.width,
    image.height,
    image.format,
    image.classId,
    image.split,
    new Date().toISOString(),
  ) as { id: number };
  return Number(row.id);
}

/** One image by id, or null. */
export function findImage(database: DatabaseSync, id: number): ImageRow | null {
  return (
    (database.prepare(`SELECT ${columns} ${from} WHERE image.id = ?`).get(id) as ImageRow | undefined) ?? null
  );
}

/** Images by id, in the order asked for; unknown ids are left out. */
export function findImages(database: DatabaseSync, ids: readonly number[]): ImageRow[] {
  const rows = database
    .prepare(`SELECT ${columns} ${from} WHERE image.id IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(ids)) as unknown as ImageRow[];
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function conditions(filter: ImageFilter): { where: string; values: (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  if (filter.classId !== undefined) {
    parts.push('image.class_id = ?');
    values.push(filter.classId);
  }
  if (filter.unlabelled) parts.push('image.class_id IS NULL');
  if (filter.split !== undefined) {
    parts.push('image.split = ?');
    values.push(filter.split);
  }
  if (filter.text) {
    parts.push("image.path LIKE '%' || ? || '%' ESCAPE '\\'");
    values.push(filter.text.replace(/[\\%_]/g, '\\$&'));
  }
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

/**
 * Ids of the images that fit, in the order they were added. As one JSON text from SQLite: a row object for each of a
 * hundred thousand images would take five times as long.
 */
export function listImageIds(database: DatabaseSync, filter: ImageFilter = {}): number[] {
  const { where, values } = conditions(filter);
  const row = database
    .prepare(
      `SELECT json_group_array(id) AS ids FROM (SELECT image.id FROM image ${where} ORDER BY image.id)`,
    )
    .get(...values) as { ids: string };
  return JSON.parse(row.ids) as number[];
}

/** All labelled images of a split, in id order: what training and testing use. */
export function labelledImages(database: DatabaseSync, split: Split): ImageRow[] {
  return database
    .prepare(
      `SELECT ${columns} ${from} WHERE image.split = ? AND image.class_id IS NOT NULL ORDER BY image.id`,
    )
    .all(split) as unknown as ImageRow[];
}

/** Images per class id and split (both may be null), for the sanity-check table. */
export function countImages(
  database: DatabaseSync,
): { classId: number | null; split: Split | null; images: number }[] {
  return database
    .prepare('SELECT class_id AS classId, split, count(*) AS images FROM image GROUP BY class_id, split')
    .all() as unknown as { classId: number | null; split: Split | null; images: number }[];
}
