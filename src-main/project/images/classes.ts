/** The classes of a dataset. Ids are stable: renaming a class never touches its images or a trained model. */
import { classNameOf } from '../../contract/shared/class-names.ts';
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from '../database/prepared.ts';
import { readSetting, writeSetting } from '../database/settings.ts';

/** One class; `position` is its place in the palette and in a model's outputs. */
export interface ClassRow {
  readonly id: number;
  readonly name: string;
  readonly position: number;
  /** "None of these": images of anything else. */
  readonly none: boolean;
}

/** Set once the user has put the classes in an order of their own. */
export const classOrderSetting = 'class.order';

/** All classes, in order. */
export function listClasses(database: DatabaseSync): ClassRow[] {
  return database
    .prepare('SELECT id, name, position, none FROM class ORDER BY position, id')
    .all()
    .map(toClassRow);
}

/** One class, or null. */
export function readClass(database: DatabaseSync, id: number): ClassRow | null {
  const row = prepared(database, 'SELECT id, name, position, none FROM class WHERE id = ?').get(id);
  return row === undefined ? null : toClassRow(row);
}

function toClassRow(row: Record<string, unknown>): ClassRow {
  return {
    id: Number(row.id),
    name: String(row.name),
    position: Number(row.position),
    none: row.none === 1,
  };
}

/** The id of a class by name, in Unicode NFC, or null. */
export function findClass(database: DatabaseSync, name: string): number | null {
  const row = prepared(database, 'SELECT id FROM class WHERE name = ?').get(classNameOf(name));
  return row === undefined ? null : Number(row.id);
}

/** Id and position for a class to be made. Ids of removed classes are never given again: predictions keep them. */
export function nextClass(database: DatabaseSync): { id: number; position: number } {
  const row = prepared(
    database,
    `SELECT max(coalesce(max(id), 0), (SELECT last_class_id FROM dataset_state)) + 1 AS id,
       coalesce(max(position) + 1, 0) AS position FROM class`,
  ).get() as { id: number; position: number };
  return { id: Number(row.id), position: Number(row.position) };
}

/** The id of a class by name, made at the end of the list when it is new. Names are compared in Unicode NFC. */
export function ensureClass(database: DatabaseSync, name: string): number {
  const found = findClass(database, name);
  if (found !== null) return found;
  const { id, position } = nextClass(database);
  database
    .prepare('INSERT INTO class (id, name, position) VALUES (?, ?, ?)')
    .run(id, classNameOf(name), position);
  return id;
}

/** Classes up to this id keep their places when photos are imported. */
const settledSetting = 'class.settled';

/**
 * Called before an import. An import that was broken off and is done again orders its classes as if it had been one; all
 * classes of before keep their places, as people know them by key and colour.
 * @returns the id up to which classes keep their places
 */
export function settledClasses(database: DatabaseSync): number {
  const last = nextClass(database).id - 1;
  // An order that the user made is of all classes there are.
  if (readSetting(database, classOrderSetting) !== null) return last;
  const settled = readSetting(database, settledSetting);
  if (settled !== null) return Number(settled);
  writeSetting(database, settledSetting, String(last));
  return last;
}

/** Called after an import that came to its end: from now on its classes keep their places. */
export function settleClasses(database: DatabaseSync): void {
  writeSetting(database, settledSetting, String(nextClass(database).id - 1));
}

/**
 * Puts the classes above an id behind the others, in alphabetical order (by code point, as Keras orders folders), so that
 * the same folders give the same outputs whatever order they were read in.
 */
export function orderNewClasses(database: DatabaseSync, settled: number): void {
  const classes = listClasses(database);
  const names = classes
    .filter(({ id }) => id > settled)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const update = database.prepare('UPDATE class SET position = ? WHERE id = ?');
  [...classes.filter(({ id }) => id <= settled), ...names].forEach((row, position) =>
    update.run(position, row.id),
  );
}
