/** All photos of a project by their content: what work on other machines is listed and answered by. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as letOthers } from 'node:timers/promises';
import type { Split } from '../../contract/shared/vocabulary.ts';

/** A photo that is not left out, labelled or not. */
export interface PhotoContent {
  readonly id: number;
  readonly hash: string;
  readonly sourceId: number;
  readonly path: string;
  readonly classId: number | null;
  readonly split: Split | null;
  readonly takenAt: string | null;
  readonly camera: string | null;
}

const pageSize = 2000;

/** All photos that are not left out, ordered by their content. Others get their turn between two pages. */
export async function listContents(database: DatabaseSync): Promise<PhotoContent[]> {
  const page = database.prepare(
    `SELECT id, hash, source_id AS sourceId, path, class_id AS classId, split, taken_at AS takenAt, camera FROM image
     WHERE excluded = 0 AND (hash, id) > (?, ?) ORDER BY hash, id LIMIT ?`,
  );
  const photos: PhotoContent[] = [];
  let [hash, id] = ['', 0];
  for (;;) {
    const rows = page.all(hash, id, pageSize) as unknown as PhotoContent[];
    const last = rows.at(-1);
    if (last === undefined) return photos;
    for (const row of rows) photos.push(row);
    [hash, id] = [last.hash, last.id];
    await letOthers();
  }
}
