/** The images of a project: where each came from, what it is, its label and split. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type Split, splitSchema } from '../../contract/shared/vocabulary.ts';
import { prepared } from '../database/prepared.ts';
import { readRows, soundRows } from '../database/stored-rows.ts';

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
  /** Left out of training, testing and checks. */
  readonly excluded: boolean;
  readonly comment: string | null;
  /** When the camera took it, ISO 8601 without a zone. */
  readonly takenAt: string | null;
  readonly camera: string | null;
}

/** How images came in. */
export type SourceKind = 'folder' | 'upload' | 'idx' | 'sample';

/** What an import writes for one image. */
export type NewImage = Omit<
  ImageRow,
  'id' | 'sourceKind' | 'sourceRoot' | 'excluded' | 'comment' | 'takenAt' | 'camera'
> &
  Partial<Pick<ImageRow, 'takenAt' | 'camera'>>;

const columns = `image.id, image.source_id AS sourceId, source.kind AS sourceKind, source.root AS sourceRoot,
  image.path, image.hash, image.bytes, image.modified, image.width, image.height, image.format,
  image.class_id AS classId, image.split, image.excluded, image.comment, image.taken_at AS takenAt, image.camera`;
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
    `INSERT INTO image (source_id, path, hash, bytes, modified, width, height, format, class_id, split, created_at,
       taken_at, camera)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (source_id, path) DO UPDATE SET hash = excluded.hash, bytes = excluded.bytes,
       modified = excluded.modified, width = excluded.width, height = excluded.height, format = excluded.format,
       taken_at = excluded.taken_at, camera = excluded.camera
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
    image.takenAt ?? null,
    image.camera ?? null,
  ) as { id: number };
  return Number(row.id);
}

/** Sources' kinds and splits are what the database's own checks let in. */
const rowSchema: z.ZodType<ImageRow> = z.object({
  id: z.number().int(),
  sourceId: z.number().int(),
  sourceKind: z.enum(['folder', 'upload', 'idx', 'sample']),
  sourceRoot: z.string(),
  path: z.string(),
  hash: z.string(),
  bytes: z.number().int(),
  modified: z.number(),
  width: z.number().int(),
  height: z.number().int(),
  format: z.string(),
  classId: z.number().int().nullable(),
  split: splitSchema.nullable(),
  excluded: z.number().transform((excluded) => excluded === 1),
  comment: z.string().nullable(),
  takenAt: z.string().nullable(),
  camera: z.string().nullable(),
});

/** One image by id, or null, also where its row cannot be read. */
export function findImage(database: DatabaseSync, id: number): ImageRow | null {
  return findImages(database, [id])[0] ?? null;
}

/** Images by id, in the order asked for; unknown ids are left out, and so are rows that cannot be read. */
export function findImages(database: DatabaseSync, ids: readonly number[]): ImageRow[] {
  const statement = prepared(
    database,
    `SELECT ${columns} ${from} WHERE image.id IN (SELECT value FROM json_each(?))`,
  );
  const rows = soundRows(rowSchema, readRows(statement, JSON.stringify(ids)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** SHA-256 of the files of images, by id; unknown ids are left out. */
export function hashesOf(database: DatabaseSync, ids: readonly number[]): Map<number, string> {
  const rows = prepared(
    database,
    'SELECT id, hash FROM image WHERE id IN (SELECT value FROM json_each(?))',
  ).all(JSON.stringify(ids)) as unknown as { id: number; hash: string }[];
  return new Map(rows.map(({ id, hash }) => [id, hash]));
}

/** All labelled images of a split, in id order: what training and testing use. */
export function labelledImages(database: DatabaseSync, split: Split): ImageRow[] {
  const statement = prepared(
    database,
    `SELECT ${columns} ${from} WHERE image.split = ? AND image.class_id IS NOT NULL AND image.excluded = 0
     ORDER BY image.id`,
  );
  return soundRows(rowSchema, readRows(statement, split));
}

/** Images per class id and split (both may be null), for the sanity-check table; excluded ones are not counted. */
export function countImages(
  database: DatabaseSync,
): { classId: number | null; split: Split | null; images: number }[] {
  return database
    .prepare(
      // Without the hint SQLite looks every image up by its row.
      `SELECT class_id AS classId, split, count(*) AS images FROM image INDEXED BY image_label
       WHERE excluded = 0 GROUP BY class_id, split`,
    )
    .all() as unknown as { classId: number | null; split: Split | null; images: number }[];
}

/** How many images are left out. */
export function countExcluded(database: DatabaseSync): number {
  return Number(
    prepared(database, 'SELECT count(*) AS images FROM image WHERE excluded = 1').get()?.images ?? 0,
  );
}
