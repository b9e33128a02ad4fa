/** What an import asks of the images that are already there. Statements are prepared once: it asks per file. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from '../database/prepared.ts';
import { readRow, readRows } from '../database/stored-rows.ts';

/** What is known of the file at one place. */
export interface KnownFile {
  readonly id: number;
  readonly hash: string;
  readonly bytes: number;
  readonly modified: number;
}

/** An image with a certain content. */
export interface KnownContent {
  readonly id: number;
  readonly hash: string;
  readonly sourceId: number;
  readonly sourceRoot: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
}

/** Look-ups for one import. */
export interface ImageLookups {
  /** The image at a place in a source, or null. */
  at(sourceId: number, path: string): KnownFile | null;
  /** All images of this content. */
  withHash(hash: string): KnownContent[];
}

/** Prepares the look-ups. */
export function createImageLookups(database: DatabaseSync): ImageLookups {
  const at = prepared(
    database,
    'SELECT id, hash, bytes, modified FROM image WHERE source_id = ? AND path = ?',
  );
  const withHash = prepared(
    database,
    `SELECT image.id, hash, source_id AS sourceId, root AS sourceRoot, path, width, height, format
     FROM image JOIN source ON source.id = source_id WHERE hash = ?`,
  );
  return {
    at: (sourceId, path) => readRow(at, sourceId, path) as KnownFile | null,
    withHash: (hash) => readRows(withHash, hash) as unknown as KnownContent[],
  };
}

/** Notes that a file has a new date but the same content. */
export function touchImage(database: DatabaseSync, id: number, modified: number): void {
  prepared(database, 'UPDATE image SET modified = ? WHERE id = ?').run(modified, id);
}

/** Notes that the file of an image lies at another place now; its label, split and all else stay. */
export function relocateImage(
  database: DatabaseSync,
  id: number,
  place: { readonly sourceId: number; readonly path: string; readonly modified: number },
): void {
  prepared(database, 'UPDATE image SET source_id = ?, path = ?, modified = ? WHERE id = ?').run(
    place.sourceId,
    place.path,
    place.modified,
    id,
  );
}

/** Names of the classes that have images, in order. */
export function usedClasses(database: DatabaseSync): string[] {
  return database
    .prepare(
      `SELECT name FROM class WHERE EXISTS (SELECT 1 FROM image WHERE class_id = class.id AND excluded = 0)
       ORDER BY position, id`,
    )
    .all()
    .map((row) => String(row.name));
}
