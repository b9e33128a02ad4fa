/** A database on a disk that is full: the real reason is told, nothing is lost, and work goes on when there is room. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { diskFailure } from '../../../../src-main/project/database/database-error.ts';
import { inTransaction } from '../../../../src-main/project/database/transaction.ts';

/** A database that may not grow beyond some pages, which SQLite treats as a full disk. */
function smallDatabase(pages: number): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE photo (bytes BLOB)');
  database.exec(`PRAGMA max_page_count = ${pages}`);
  return database;
}

it('a transaction that does not fit is taken back, with the disk as the reason', () => {
  const database = smallDatabase(20);
  const add = (bytes: number): void =>
    inTransaction(database, () => {
      database.prepare('INSERT INTO photo VALUES (?)').run(new Uint8Array(1000));
      database.prepare('INSERT INTO photo VALUES (?)').run(new Uint8Array(bytes));
    });
  const photos = () => database.prepare('SELECT count(*) AS photos FROM photo').get()?.photos;
  add(1000);
  let thrown: unknown;
  try {
    add(1_000_000);
  } catch (error) {
    thrown = error;
  }
  expect(diskFailure(thrown, 'project.db')).toMatchObject({
    code: 'DISK_FULL',
    params: { path: 'project.db' },
  });
  expect(photos()).toBe(2);
  add(1000);
  expect(photos()).toBe(4);
  database.close();
});

it('what ended its own transaction is not hidden by taking it back once more', () => {
  const database = smallDatabase(20);
  const work = (): void => {
    // As SQLite does itself after an I/O error or a full disk at the end of a transaction.
    database.exec('ROLLBACK');
    throw new Error('database or disk is full');
  };
  expect(() => inTransaction(database, work)).toThrow('database or disk is full');
  database.close();
});
