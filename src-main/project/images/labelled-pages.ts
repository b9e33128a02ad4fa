/** Labelled images a page at a time, so that a hundred thousand of them hold nobody up. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as letOthers } from 'node:timers/promises';
import { type Split, splitNames } from '../../contract/shared/vocabulary.ts';
import { type ImageRow, findImages } from './images.ts';

/** A labelled image that is in a split. */
export interface LabelledImage {
  readonly id: number;
  readonly hash: string;
  readonly path: string;
  readonly classId: number;
  readonly split: Split;
}

const pageSize = 2000;

/**
 * All labelled images of some splits, ordered by their content: the same pictures come in the same order whatever
 * order they were imported in. Others get their turn between two pages.
 */
export async function* labelledPages(
  database: DatabaseSync,
  splits: readonly Split[] = splitNames,
): AsyncGenerator<LabelledImage[], void> {
  const page = database.prepare(
    `SELECT id, hash, path, class_id AS classId, split FROM image
     WHERE class_id IS NOT NULL AND excluded = 0 AND split IN (SELECT value FROM json_each(?)) AND (hash, id) > (?, ?)
     ORDER BY hash, id LIMIT ?`,
  );
  let [hash, id] = ['', 0];
  for (;;) {
    const rows = page.all(JSON.stringify(splits), hash, id, pageSize) as unknown as LabelledImage[];
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    [hash, id] = [last.hash, last.id];
    await letOthers();
  }
}

/** As `findImages`, letting others have their turn. */
export async function findManyImages(database: DatabaseSync, ids: readonly number[]): Promise<ImageRow[]> {
  const rows: ImageRow[] = [];
  for (let start = 0; start < ids.length; start += pageSize) {
    for (const row of findImages(database, ids.slice(start, start + pageSize))) rows.push(row);
    await letOthers();
  }
  return rows;
}
