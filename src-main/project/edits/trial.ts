/**
 * Changes tried on a dataset without making them: what the rows say, and over it what earlier changes of the same
 * edit would have made of them.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../contract/app/edits.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { packRanges, unpackRanges } from '../../contract/shared/id-ranges.ts';
import type { Work } from '../../core/jobs/in-pieces.ts';
import { prepared } from '../database/prepared.ts';
import { readSetting } from '../database/settings.ts';
import { type ClassRow, listClasses } from '../images/classes.ts';
import { type ImageChange, type ImageValue, columns, valueOf, withValue } from './changes.ts';

/** Images read at a time: about three milliseconds. */
const pageSize = 1000;

type Tried = Record<ImageChange['type'], Map<number, ImageValue>>;

/** One trial, for the changes of one edit in their order. The database must not change meanwhile. */
export class Trial {
  readonly #database: DatabaseSync;
  readonly #classes: Map<number, ClassRow>;
  readonly #classOfName: Map<string, number>;
  readonly #tried: Tried = { label: new Map(), split: new Map(), excluded: new Map(), comment: new Map() };
  readonly #settings = new Map<string, string | null>();
  readonly #dismissals = new Map<string, boolean>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    const rows = listClasses(database);
    this.#classes = new Map(rows.map((row) => [row.id, row]));
    this.#classOfName = new Map(rows.map(({ id, name }) => [name, id]));
  }

  /**
   * The part of a change that would change anything, as `makeChange` would return it; null when nothing would. Each
   * `yield` is a place for a pause.
   * @throws AppError DATASET_CLASS_EXISTS, DATASET_CLASS_IN_USE
   */
  *change(change: Change): Work<Change | null> {
    switch (change.type) {
      case 'class':
        return this.#putClass(change);
      case 'class-removed':
        return yield* this.#removeClass(change);
      case 'dismissal':
        return this.#dismiss(change);
      case 'setting': {
        const { key, value } = change;
        const old = this.#settings.has(key) ? this.#settings.get(key) : readSetting(this.#database, key);
        this.#settings.set(key, value);
        return old === value ? null : change;
      }
      case 'label':
      case 'split':
      case 'excluded':
      case 'comment':
        return yield* this.#changeImages(change);
    }
  }

  /**
   * How many groups of near-duplicates have images in more than one split, in the database and after the changes
   * tried so far. Excluded images do not count.
   */
  *splitGroups(): Work<{ before: number; after: number }> {
    const before = new SplitsOfGroups();
    const after = new SplitsOfGroups();
    for (let last = ''; ;) {
      const rows = prepared(
        this.#database,
        `SELECT member.hash, group_id AS groupId, image.id, split, excluded FROM
           (SELECT hash, group_id FROM near_duplicate WHERE hash > ? ORDER BY hash LIMIT ${pageSize}) AS member
         LEFT JOIN image ON image.hash = member.hash ORDER BY member.hash`,
      ).all(last);
      for (const { groupId, id, split, excluded } of rows) {
        if (id === null) continue;
        before.add(Number(groupId), split, excluded);
        after.add(
          Number(groupId),
          this.#valueAfter('split', Number(id), split),
          this.#valueAfter('excluded', Number(id), excluded),
        );
      }
      if (rows.length === 0) return { before: before.count(), after: after.count() };
      last = String(rows.at(-1)!.hash);
      yield;
    }
  }

  #valueAfter<T>(type: ImageChange['type'], id: number, stored: T): ImageValue | T {
    const tried = this.#tried[type].get(id);
    return tried === undefined ? stored : tried;
  }

  *#changeImages(change: ImageChange): Work<Change | null> {
    const value = valueOf(change);
    const ids = unpackRanges(change.images);
    yield;
    const changed: number[] = [];
    for (let start = 0; start < ids.length; start += pageSize) {
      const rows = prepared(
        this.#database,
        `SELECT image.id, ${columns[change.type]} AS value
         FROM json_each(?) AS wanted CROSS JOIN image ON image.id = wanted.value`,
      ).all(JSON.stringify(ids.slice(start, start + pageSize)));
      for (const row of rows) {
        const id = Number(row.id);
        if (this.#valueAfter(change.type, id, row.value) === value) continue;
        changed.push(id);
        this.#tried[change.type].set(id, value);
      }
      yield;
    }
    return changed.length === 0 ? null : withValue(change, packRanges(changed), value);
  }

  #putClass(change: Extract<Change, { type: 'class' }>): Change | null {
    const { id, name, position, none } = change;
    if ((this.#classOfName.get(name) ?? id) !== id) throw new AppError('DATASET_CLASS_EXISTS', { name });
    const old = this.#classes.get(id);
    if (old?.name === name && old.position === position && old.none === none) return null;
    if (old !== undefined) this.#classOfName.delete(old.name);
    this.#classes.set(id, { id, name, position, none });
    this.#classOfName.set(name, id);
    return change;
  }

  *#removeClass({ id }: Extract<Change, { type: 'class-removed' }>): Work<Change | null> {
    const old = this.#classes.get(id);
    if (old === undefined) return null;
    if (yield* this.#isUsed(id)) throw new AppError('DATASET_CLASS_IN_USE', { name: old.name });
    this.#classes.delete(id);
    this.#classOfName.delete(old.name);
    return { type: 'class-removed', id };
  }

  *#isUsed(classId: number): Work<boolean> {
    for (const value of this.#tried.label.values()) if (value === classId) return true;
    for (let last = 0; ;) {
      const rows = prepared(
        this.#database,
        `SELECT id FROM image WHERE class_id = ? AND id > ? ORDER BY id LIMIT ${pageSize}`,
      ).all(classId, last);
      if (rows.some((row) => !this.#tried.label.has(Number(row.id)))) return true;
      if (rows.length === 0) return false;
      last = Number(rows.at(-1)!.id);
      yield;
    }
  }

  #dismiss(change: Extract<Change, { type: 'dismissal' }>): Change | null {
    const { key, dismissed } = change;
    const stored = (): boolean =>
      prepared(this.#database, 'SELECT 1 FROM dismissal WHERE key = ?').get(key) !== undefined;
    const old = this.#dismissals.get(key) ?? stored();
    this.#dismissals.set(key, dismissed);
    return old === dismissed ? null : change;
  }
}

/** In which splits each group has images. */
class SplitsOfGroups {
  readonly #splits = new Map<number, Set<unknown>>();

  add(group: number, split: unknown, excluded: unknown): void {
    if (excluded !== 0 || split === null) return;
    const known = this.#splits.get(group);
    if (known === undefined) this.#splits.set(group, new Set([split]));
    else known.add(split);
  }

  /** Groups that are in more than one split. */
  count(): number {
    let groups = 0;
    for (const splits of this.#splits.values()) if (splits.size > 1) groups++;
    return groups;
  }
}
