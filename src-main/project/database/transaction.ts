import type { DatabaseSync } from 'node:sqlite';

/** Takes back an open transaction. A full disk or an I/O error may have ended it already: then nothing is left to do. */
export function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}

/** Runs `work` in one transaction: all of it is kept, or nothing when it throws. Not for nesting. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}
