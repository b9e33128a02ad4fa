/** What the user says of photos in review, and how that is taken back. */
import { prepared } from '../database/prepared.ts';
import { readRows } from '../database/stored-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import type { SortSession } from './session-database.ts';

/** The photos, with all others of their bursts: a burst has one answer. */
export function withBursts({ database }: SortSession, photos: readonly number[]): number[] {
  const rows = readRows(
    prepared(
      database,
      `SELECT id FROM photo WHERE id IN (SELECT value FROM json_each(?1)) OR burst IN
         (SELECT burst FROM photo WHERE burst IS NOT NULL AND id IN (SELECT value FROM json_each(?1)))
       ORDER BY id`,
    ),
    JSON.stringify(photos),
  );
  return rows.map(({ id }) => Number(id));
}

/**
 * Gives photos a verdict, as one step.
 * @param verdict a class; '' for unknown; null takes the verdict away
 */
export function review({ database }: SortSession, photos: readonly number[], verdict: string | null): void {
  const note = prepared(
    database,
    `INSERT INTO review (step, photo_id, before)
     SELECT (SELECT coalesce(max(step), 0) FROM review WHERE id <= ?) + 1, id, verdict FROM photo WHERE id = ?`,
  );
  const write = prepared(database, 'UPDATE photo SET verdict = ? WHERE id = ?');
  inTransaction(database, () => {
    const last = Number(prepared(database, 'SELECT coalesce(max(id), 0) AS id FROM review').get()?.id);
    for (const photo of photos) {
      note.run(last, photo);
      write.run(verdict, photo);
    }
  });
}

/** Takes the last step back. @returns the photos that it was about */
export function undoReview({ database }: SortSession): number[] {
  return inTransaction(database, () => {
    const rows = readRows(
      prepared(
        database,
        'SELECT photo_id, before FROM review WHERE step = (SELECT max(step) FROM review) ORDER BY id DESC',
      ),
    );
    const write = prepared(database, 'UPDATE photo SET verdict = ? WHERE id = ?');
    for (const { photo_id: photo, before } of rows)
      write.run(typeof before === 'string' ? before : null, Number(photo));
    prepared(database, 'DELETE FROM review WHERE step = (SELECT max(step) FROM review)').run();
    return rows.map(({ photo_id: photo }) => Number(photo));
  });
}
