/** The classes of a dataset. Ids are stable: renaming a class never touches its images or a trained model. */
import type { DatabaseSync } from 'node:sqlite';

/** One class; `position` is its place in the palette and in a model's outputs. */
export interface ClassRow {
  readonly id: number;
  readonly name: string;
  readonly position: number;
}

/** All classes, in order. */
export function listClasses(database: DatabaseSync): ClassRow[] {
  return database
    .prepare('SELECT id, name, position FROM class ORDER BY position, id')
    .all()
    .map((row) => ({ id: Number(row.id), name: String(row.name), position: Number(row.position) }));
}

/** The id of a class by name, made at the end of the list when it is new. Names are compared in Unicode NFC. */
export function ensureClass(database: DatabaseSync, name: string): number {
  const normal = name.normalize('NFC');
  const found = database.prepare('SELECT id FROM class WHERE name = ?').get(normal) as
    { id: number } | undefined;
  if (found) return Number(found.id);
  const made = database
    .prepare('INSERT INTO class (name, position) SELECT ?, coalesce(max(position) + 1, 0) FROM class')
    .run(normal);
  return Number(made.lastInsertRowid);
}

/**
 * Puts the classes in alphabetical order (by code point, as Keras orders folders), so that the same folders give
 * the same outputs whatever order they were read in.
 */
export function orderClassesByName(database: DatabaseSync): void {
  const names = listClasses(database).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const update = database.prepare('UPDATE class SET position = ? WHERE id = ?');
  names.forEach((row, position) => update.run(position, row.id));
}
