/** Where images came from. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from '../database/prepared.ts';
import type { SourceKind } from './images.ts';

/** An image with its place. */
export interface PlacedImage {
  readonly id: number;
  /** Path inside its source, with forward slashes. */
  readonly path: string;
  /** Where the source lies. */
  readonly root: string;
}

/** True when images were imported from there. */
export function isSource(database: DatabaseSync, kind: SourceKind, root: string): boolean {
  return database.prepare('SELECT 1 FROM source WHERE kind = ? AND root = ?').get(kind, root) !== undefined;
}

/** True when an image or a quarantined file is of that source. */
export function hasRowsOfSource(database: DatabaseSync, root: string): boolean {
  const statement = `SELECT 1 FROM source WHERE root = ? AND
    (id IN (SELECT source_id FROM image) OR id IN (SELECT source_id FROM quarantine))`;
  return database.prepare(statement).get(root) !== undefined;
}

/** Paths of all images and quarantined files of a source, in Unicode NFC. */
export function pathsOfSource(database: DatabaseSync, root: string): Set<string> {
  const rows = database
    .prepare(
      `SELECT path FROM image JOIN source ON source.id = source_id WHERE root = :root
       UNION SELECT path FROM quarantine JOIN source ON source.id = source_id WHERE root = :root`,
    )
    .all({ root });
  return new Set(rows.map(({ path }) => String(path).normalize('NFC')));
}

/** The next images with their places, in the order of their ids. @param after id of the last image before them */
export function nextPlacedImages(database: DatabaseSync, after: number, limit: number): PlacedImage[] {
  const statement = `SELECT image.id, path, source.root FROM image JOIN source ON source.id = source_id
    WHERE image.id > ? ORDER BY image.id LIMIT ?`;
  return prepared(database, statement).all(after, limit) as unknown as PlacedImage[];
}

/** How many images, classes and runs there are. */
export function projectCounts(database: DatabaseSync): { images: number; classes: number; runs: number } {
  return database
    .prepare(
      `SELECT (SELECT count(*) FROM image) AS images, (SELECT count(*) FROM class) AS classes,
        (SELECT count(*) FROM run) AS runs`,
    )
    .get() as { images: number; classes: number; runs: number };
}

/** Where the photos came from, in the order of the first import. */
export function sourceRoots(database: DatabaseSync): string[] {
  return prepared(database, 'SELECT root FROM source ORDER BY id')
    .all()
    .map(({ root }) => String(root));
}
