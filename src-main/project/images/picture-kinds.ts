import type { DatabaseSync } from 'node:sqlite';

/** What kind of pictures a project holds, for the choice of a recipe. */
export interface PictureKinds {
  readonly images: number;
  /** How many come from idx files, which are grey. */
  readonly fromIdx: number;
  /** The longest side of any of them. */
  readonly largestSide: number;
}

/** Looks over the labelled images. */
export function pictureKinds(database: DatabaseSync): PictureKinds {
  const row = database
    .prepare(
      `SELECT count(*) AS images, coalesce(sum(format = 'idx'), 0) AS fromIdx,
         coalesce(max(max(width, height)), 0) AS largestSide FROM image
       WHERE class_id IS NOT NULL AND excluded = 0`,
    )
    .get() as Record<keyof PictureKinds, number>;
  return { images: Number(row.images), fromIdx: Number(row.fromIdx), largestSide: Number(row.largestSide) };
}
