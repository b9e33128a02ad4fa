/**
 * The edit journal: every edit of the dataset is one row with what it changed and what takes that back, written in
 * the same transaction as the change itself. Undo and redo walk along the rows, also after a restart.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import {
  type AppliedEdit,
  type Change,
  type Edit,
  type JournalEntry,
  type JournalState,
  changeSchema,
  journalEntrySchema,
} from '../../contract/app/edits.ts';
import { countImages, makeChange, repeatChange } from './changes.ts';
import { diskFailure } from '../database/database-error.ts';
import { planEdit } from './edits.ts';
import { keepFresh } from '../runs/findings.ts';
import { prepared } from '../database/prepared.ts';
import { jsonColumn, readRows, soundRows } from '../database/stored-rows.ts';
import { inTransaction } from '../database/transaction.ts';

/** What an edit, an undo or a redo did; the state of the journal is the caller's to add. */
export type JournalStep = Omit<AppliedEdit, 'journal'>;

/**
 * Does an edit. When this returns, it is on the disk. What was undone before can no longer be redone.
 * @throws AppError NOT_FOUND, DATASET_CLASS_EXISTS, INPUT_INVALID, DISK_FULL
 */
export function applyEdit(database: DatabaseSync, edit: Edit): JournalStep {
  return durably(database, () => {
    const { sentence, changes, inverse } = makeEdit(database, edit);
    if (changes.length === 0) return { entry: null, how: 'edit', changes };
    database.prepare('DELETE FROM edit WHERE undone = 1').run();
    const madeAt = new Date().toISOString();
    const { lastInsertRowid } = prepared(
      database,
      'INSERT INTO edit (made_at, sentence, edit, changes, inverse) VALUES (?, ?, ?, ?, ?)',
    ).run(madeAt, sentence, JSON.stringify(edit), JSON.stringify(changes), JSON.stringify(inverse));
    countRevision(database, changes);
    return { entry: { id: Number(lastInsertRowid), sentence, madeAt, undone: false }, how: 'edit', changes };
  });
}

/** Takes the last edit back. @throws AppError DATASET_NOTHING_TO_UNDO, DATASET_UNDO_CONFLICT, DATASET_UNDO_DAMAGED */
export function undoEdit(database: DatabaseSync): JournalStep {
  return step(database, 'undo');
}

/** Does the edit that was undone last once more. @throws AppError DATASET_NOTHING_TO_REDO, and as `undoEdit` */
export function redoEdit(database: DatabaseSync): JournalStep {
  return step(database, 'redo');
}

function step(database: DatabaseSync, how: 'undo' | 'redo'): JournalStep {
  const undo = how === 'undo';
  const entry = undo ? lastDone(database) : firstUndone(database);
  if (entry === null) throw new AppError(undo ? 'DATASET_NOTHING_TO_UNDO' : 'DATASET_NOTHING_TO_REDO');
  return durably(database, () => {
    const column = undo ? 'inverse' : 'changes';
    const row = prepared(database, `SELECT ${column} AS changes FROM edit WHERE id = ?`).get(entry.id);
    const changes = readChanges(entry, row?.changes);
    try {
      for (const change of changes) repeatChange(database, change);
    } catch (error) {
      throw conflictOf(entry, error) ?? error;
    }
    prepared(database, 'UPDATE edit SET undone = ? WHERE id = ?').run(Number(undo), entry.id);
    countRevision(database, changes);
    return { entry: { ...entry, undone: undo }, how, changes };
  });
}

const changesColumn = jsonColumn(z.array(changeSchema));

/** @throws AppError DATASET_UNDO_DAMAGED */
function readChanges({ sentence }: JournalEntry, stored: unknown): Change[] {
  const parsed = changesColumn.safeParse(stored);
  if (parsed.success) return parsed.data;
  const reason = 'what it changed cannot be read';
  throw new AppError('DATASET_UNDO_DAMAGED', { sentence, reason }, { cause: parsed.error });
}

/** SQLite's result code of a change that would break a rule of the database, such as a class that is not there. */
const constraint = 19;

/** What stands in the way of an entry; null for a failure of another kind. */
function conflictOf({ sentence }: JournalEntry, error: unknown): AppError | null {
  const { errcode } = error as { errcode?: unknown };
  if (typeof errcode === 'number' && (errcode & 0xff) === constraint) {
    const reason = 'it does not fit the project';
    return new AppError('DATASET_UNDO_DAMAGED', { sentence, reason }, { cause: error });
  }
  const found = AppError.from(error);
  // An import meanwhile made a class of that name, or filled the class that has to go.
  if (found.code !== 'DATASET_CLASS_EXISTS' && found.code !== 'DATASET_CLASS_IN_USE') return null;
  return new AppError('DATASET_UNDO_CONFLICT', { sentence, reason: found.message }, { cause: error });
}

interface MadeEdit {
  readonly sentence: string;
  readonly changes: Change[];
  readonly inverse: Change[];
}

function makeEdit(database: DatabaseSync, edit: Edit): MadeEdit {
  const planned = planEdit(database, edit);
  const changes: Change[] = [];
  const inverse: Change[] = [];
  for (const change of planned.changes) {
    const made = makeChange(database, change);
    if (made === null) continue;
    changes.push(made.change);
    inverse.unshift(...made.inverse);
  }
  return { sentence: planned.sentence(countImages(changes)), changes, inverse };
}

/** A transaction that has reached the disk when it returns, whatever happens to the machine. */
function durably<T>(database: DatabaseSync, work: () => T): T {
  const usual = Number(prepared(database, 'PRAGMA synchronous').get()?.synchronous);
  database.exec('PRAGMA synchronous = FULL');
  try {
    return inTransaction(database, work);
  } catch (error) {
    throw diskFailure(error, 'project.db') ?? error;
  } finally {
    database.exec(`PRAGMA synchronous = ${usual}`);
  }
}

/** Findings put aside and comments are nothing that checks look at: what these found stays the answer. */
function countRevision(database: DatabaseSync, changes: readonly Change[]): void {
  const beside = changes.every(({ type }) => type === 'dismissal' || type === 'comment');
  const before = beside ? datasetFingerprint(database) : '';
  bumpRevision(database);
  if (beside) keepFresh(database, before, datasetFingerprint(database));
}

/** Counts a change of the dataset that was no edit, such as an import. */
export function bumpRevision(database: DatabaseSync): void {
  prepared(database, 'UPDATE dataset_state SET revision = revision + 1').run();
}

/** Grows with every change of the dataset. */
export function readRevision(database: DatabaseSync): number {
  return Number(prepared(database, 'SELECT revision FROM dataset_state').get()?.revision ?? 0);
}

/** The same as long as no image, label or split changed. */
export function datasetFingerprint(database: DatabaseSync): string {
  const row = prepared(database, 'SELECT count(*) AS images, coalesce(max(id), 0) AS last FROM image').get();
  return `${readRevision(database)}/${Number(row?.images)}/${Number(row?.last)}`;
}

const entryColumns = 'id, made_at AS madeAt, sentence, undone';
const entryRow = z.object({
  ...journalEntrySchema.shape,
  undone: z.number().transform((undone) => undone === 1),
});

function readEntries(database: DatabaseSync, rest: string, ...values: number[]): JournalEntry[] {
  const rows = readRows(prepared(database, `SELECT ${entryColumns} FROM edit ${rest}`), ...values);
  return soundRows(entryRow, rows);
}

function lastDone(database: DatabaseSync): JournalEntry | null {
  return readEntries(database, 'WHERE undone = 0 ORDER BY id DESC LIMIT 1')[0] ?? null;
}

function firstUndone(database: DatabaseSync): JournalEntry | null {
  return readEntries(database, 'WHERE undone = 1 ORDER BY id LIMIT 1')[0] ?? null;
}

/** What Undo and Redo would do. */
export function journalState(database: DatabaseSync): Omit<JournalState, 'savedAt'> {
  const entries = Number(prepared(database, 'SELECT count(*) AS entries FROM edit').get()?.entries ?? 0);
  return {
    undo: lastDone(database),
    redo: firstUndone(database),
    entries,
    revision: readRevision(database),
  };
}

/** Entries, newest first. @param before only those before this id */
export function listJournal(database: DatabaseSync, limit: number, before?: number): JournalEntry[] {
  const last = before ?? Number.MAX_SAFE_INTEGER;
  return readEntries(database, 'WHERE id < ? ORDER BY id DESC LIMIT ?', last, limit);
}
