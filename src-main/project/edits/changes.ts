/** What edits are made of: small changes, each of which knows what undoes it. */
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../contract/shared/errors.ts';
import { countRanges, packRanges, unpackRanges } from '../../contract/shared/id-ranges.ts';
import type { Change } from '../../contract/app/edits.ts';
import { prepared } from '../database/prepared.ts';
import { readSetting, writeSetting } from '../database/settings.ts';
import { readClass } from '../images/classes.ts';

/** A change that was made: the part of it that changed anything, and what takes it back. Null when nothing did. */
export interface MadeChange {
  readonly change: Change;
  readonly inverse: readonly Change[];
}

/** A change of one column of images. */
export type ImageChange = Extract<Change, { images: string }>;
/** A value of such a column, as it is stored. */
export type ImageValue = string | number | null;

/**
 * Makes a change. To be called in a transaction.
 * @throws AppError DATASET_CLASS_EXISTS, DATASET_CLASS_IN_USE
 */
export function makeChange(database: DatabaseSync, change: Change): MadeChange | null {
  switch (change.type) {
    case 'class':
      return putClass(database, change);
    case 'class-removed':
      return removeClass(database, change.id);
    case 'dismissal':
      return setDismissal(database, change);
    case 'setting': {
      const old = readSetting(database, change.key);
      if (old === change.value) return null;
      writeSetting(database, change.key, change.value);
      return { change, inverse: [{ ...change, value: old }] };
    }
    case 'label':
    case 'split':
    case 'excluded':
    case 'comment':
      return changeImages(database, change);
  }
}

/**
 * Makes a change whose inverse the journal knows already: an undo or a redo. To be called in a transaction.
 * @throws AppError as `makeChange`
 */
export function repeatChange(database: DatabaseSync, change: Change): void {
  if ('images' in change) setImages(database, change, JSON.stringify(unpackRanges(change.images)));
  else makeChange(database, change);
}

/** The column of `image` that a change writes. */
export const columns = {
  label: 'class_id',
  split: 'split',
  excluded: 'excluded',
  comment: 'comment',
} as const satisfies Record<ImageChange['type'], string>;

/** The value that a change writes into its column. */
export function valueOf(change: ImageChange): ImageValue {
  switch (change.type) {
    case 'label':
      return change.classId;
    case 'split':
      return change.split;
    case 'excluded':
      return Number(change.excluded);
    case 'comment':
      return change.comment;
  }
}

/** The same kind of change for other images and another value. */
export function withValue(change: ImageChange, images: string, value: ImageValue): Change {
  switch (change.type) {
    case 'label':
      return { type: 'label', images, classId: value as number | null };
    case 'split':
      return { type: 'split', images, split: value as 'train' | 'validation' | 'test' | null };
    case 'excluded':
      return { type: 'excluded', images, excluded: value === 1 };
    case 'comment':
      return { type: 'comment', images, comment: value as string | null };
  }
}

/** The images are grouped by what they were, so that the inverse is a change for each former value. */
function changeImages(database: DatabaseSync, change: ImageChange): MadeChange | null {
  const column = columns[change.type];
  const value = valueOf(change);
  const ids = JSON.stringify(unpackRanges(change.images));
  const former = prepared(
    database,
    `SELECT ${column} AS value, json_group_array(id) AS ids FROM image
     WHERE id IN (SELECT value FROM json_each(?)) AND ${column} IS NOT ? GROUP BY ${column}`,
  ).all(ids, value) as unknown as { value: ImageValue; ids: string }[];
  if (former.length === 0) return null;
  setImages(database, change, ids);
  const groups = former.map((group) => ({ value: group.value, ids: JSON.parse(group.ids) as number[] }));
  return {
    change: withValue(change, packRanges(groups.flatMap((group) => group.ids)), value),
    inverse: groups.map((group) => withValue(change, packRanges(group.ids), group.value)),
  };
}

/** @param ids a JSON array */
function setImages(database: DatabaseSync, change: ImageChange, ids: string): void {
  const column = columns[change.type];
  prepared(
    database,
    `UPDATE image SET ${column} = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND ${column} IS NOT ?2`,
  ).run(ids, valueOf(change));
}

/** Photos that changes touch, those touched twice counted twice. */
export function countImages(changes: readonly Change[]): number {
  return changes.reduce((sum, change) => sum + ('images' in change ? countRanges(change.images) : 0), 0);
}

type ClassChange = Extract<Change, { type: 'class' }>;

function classChange(database: DatabaseSync, id: number): ClassChange | null {
  const row = readClass(database, id);
  return row === null ? null : { type: 'class', ...row };
}

function putClass(database: DatabaseSync, change: ClassChange): MadeChange | null {
  const { id, name, position, none } = change;
  const taken = prepared(database, 'SELECT 1 FROM class WHERE name = ? AND id <> ?').get(name, id);
  if (taken !== undefined) throw new AppError('DATASET_CLASS_EXISTS', { name });
  const old = classChange(database, id);
  if (old === null) {
    prepared(database, 'INSERT INTO class (id, name, position, none) VALUES (?, ?, ?, ?)').run(
      id,
      name,
      position,
      Number(none),
    );
    return { change, inverse: [{ type: 'class-removed', id }] };
  }
  if (old.name === name && old.position === position && old.none === none) return null;
  prepared(database, 'UPDATE class SET name = ?, position = ?, none = ? WHERE id = ?').run(
    name,
    position,
    Number(none),
    id,
  );
  return { change, inverse: [old] };
}

function removeClass(database: DatabaseSync, id: number): MadeChange | null {
  const old = classChange(database, id);
  if (old === null) return null;
  // An import that came after the class was made may have filled it.
  const used = prepared(database, 'SELECT 1 FROM image WHERE class_id = ? LIMIT 1').get(id);
  if (used !== undefined) throw new AppError('DATASET_CLASS_IN_USE', { name: old.name });
  prepared(database, 'DELETE FROM class WHERE id = ?').run(id);
  prepared(database, 'UPDATE dataset_state SET last_class_id = max(last_class_id, ?)').run(id);
  return { change: { type: 'class-removed', id }, inverse: [old] };
}

function setDismissal(
  database: DatabaseSync,
  change: Extract<Change, { type: 'dismissal' }>,
): MadeChange | null {
  const { key, dismissed } = change;
  const sql = dismissed
    ? 'INSERT OR IGNORE INTO dismissal (key) VALUES (?)'
    : 'DELETE FROM dismissal WHERE key = ?';
  if (Number(prepared(database, sql).run(key).changes) === 0) return null;
  return { change, inverse: [{ type: 'dismissal', key, dismissed: !dismissed }] };
}
