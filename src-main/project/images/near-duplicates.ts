/** Groups of near-duplicates, as the check found them: by content, so that they outlive a repeated import. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from '../database/prepared.ts';
import { inTransaction } from '../database/transaction.ts';

/** Stores groups in place of those before. @param groups hashes of each group's photos */
export function storeGroups(database: DatabaseSync, groups: readonly (readonly string[])[]): void {
  inTransaction(database, () => {
    database.exec('DELETE FROM near_duplicate');
    const insert = prepared(database, 'INSERT OR REPLACE INTO near_duplicate (hash, group_id) VALUES (?, ?)');
    groups.forEach((hashes, group) => {
      for (const hash of hashes) insert.run(hash, group + 1);
    });
  });
}

/** Group of each content that is in one. */
export function readGroups(database: DatabaseSync): Map<string, number> {
  const rows = database.prepare('SELECT hash, group_id AS groupId FROM near_duplicate').all();
  return new Map(rows.map((row) => [String(row.hash), Number(row.groupId)]));
}

/** Images of the same group, this one included; empty when it is in none. */
export function groupOfImage(database: DatabaseSync, id: number): number[] {
  const rows = prepared(
    database,
    `SELECT image.id FROM near_duplicate AS mine
       JOIN near_duplicate AS other ON other.group_id = mine.group_id JOIN image ON image.hash = other.hash
     WHERE mine.hash = (SELECT hash FROM image WHERE id = ?) ORDER BY image.id`,
  ).all(id);
  return rows.map((row) => Number(row.id));
}
