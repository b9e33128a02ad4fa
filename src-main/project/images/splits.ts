/** Which part of the dataset each image belongs to, and where that was decided. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type SplitFractions, splitFractionsSchema } from '../../contract/app/datasets.ts';
import { type Split, splitNames } from '../../contract/shared/vocabulary.ts';
import { readSetting, writeSetting } from '../database/settings.ts';
import { jsonColumn } from '../database/stored-rows.ts';

/** A labelled image, as drawing a split needs it. */
export interface LabelledImage {
  readonly id: number;
  readonly classId: number;
  readonly hash: string;
  readonly split: Split | null;
  readonly sourceId: number;
  readonly path: string;
  readonly takenAt: string | null;
  readonly camera: string | null;
}

/** How the present split came about. */
export interface SplitOrigin {
  readonly origin: 'folders' | 'seeded' | 'none';
  readonly seed: number | null;
  readonly fractions: SplitFractions | null;
}

/** All labelled images that are not excluded, in id order. */
export function listLabelled(database: DatabaseSync): LabelledImage[] {
  return database
    .prepare(
      `SELECT id, class_id AS classId, hash, split, source_id AS sourceId, path, taken_at AS takenAt, camera
       FROM image WHERE class_id IS NOT NULL AND excluded = 0 ORDER BY id`,
    )
    .all() as unknown as LabelledImage[];
}

/** Puts images into splits. To be called in a transaction. */
export function assignSplits(database: DatabaseSync, splits: ReadonlyMap<number, Split>): void {
  const update = database.prepare(
    'UPDATE image SET split = ?1 WHERE id IN (SELECT value FROM json_each(?2)) AND split IS NOT ?1',
  );
  for (const name of splitNames) {
    const ids = [...splits].filter(([, split]) => split === name).map(([id]) => id);
    update.run(name, JSON.stringify(ids));
  }
}

/** Which splits have labelled images. */
export function usedSplits(database: DatabaseSync): Split[] {
  const one = database.prepare(
    'SELECT 1 FROM image WHERE class_id IS NOT NULL AND excluded = 0 AND split = ? LIMIT 1',
  );
  return splitNames.filter((name) => one.get(name) !== undefined);
}

const fractionsColumn = jsonColumn(splitFractionsSchema);
const seedColumn = jsonColumn(z.number().int().min(0));

/** Where the split comes from; what of it cannot be read is null. */
export function readSplitOrigin(database: DatabaseSync): SplitOrigin {
  const origin = readSetting(database, 'split.origin');
  if (origin === 'folders') return { origin, seed: null, fractions: null };
  if (origin !== 'seeded') return { origin: 'none', seed: null, fractions: null };
  const fractions = fractionsColumn.safeParse(readSetting(database, 'split.fractions')).data ?? null;
  const seed = seedColumn.safeParse(readSetting(database, 'split.seed')).data ?? null;
  return { origin, seed, fractions };
}

/** Remembers where the split comes from. */
export function writeSplitOrigin(database: DatabaseSync, origin: SplitOrigin): void {
  writeSetting(database, 'split.origin', origin.origin === 'none' ? null : origin.origin);
  writeSetting(database, 'split.seed', origin.seed === null ? null : String(origin.seed));
  writeSetting(
    database,
    'split.fractions',
    origin.fractions === null ? null : JSON.stringify(origin.fractions),
  );
}
