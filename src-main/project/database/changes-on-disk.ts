/** What a connection has written, and how much of that is in the file itself. */
import type { DatabaseSync } from 'node:sqlite';

/** Rows written on this connection since it was opened. */
export function writtenRows(database: DatabaseSync): number {
  return Number(database.prepare('SELECT total_changes() AS changes').get()?.changes);
}

/** Has what is committed written from the log into the file, as far as no reader is in the way. */
export function flushLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
}
