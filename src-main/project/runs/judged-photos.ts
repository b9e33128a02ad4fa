/** The labelled photos of a split with what two runs said of them. */
import type { DatabaseSync } from 'node:sqlite';
import type { Split } from '../../contract/shared/vocabulary.ts';
import { prepared } from '../database/prepared.ts';

/** A class with its probability. */
interface Said {
  readonly classId: number;
  readonly probability: number;
}

/** A photo with its present label; null where a run was not measured on it. */
export interface JudgedPhoto {
  readonly id: number;
  readonly hash: string;
  readonly path: string;
  readonly classId: number;
  readonly before: Said | null;
  readonly after: Said | null;
}

/** All labelled photos of a split that are not left out, in the order they were added. */
export function judgedPhotos(
  database: DatabaseSync,
  before: string,
  after: string,
  split: Split,
): JudgedPhoto[] {
  const rows = prepared(
    database,
    `SELECT image.id, image.hash, image.path, image.class_id AS classId,
       first.class_id AS firstClass, first.probability AS firstProbability,
       second.class_id AS secondClass, second.probability AS secondProbability
     FROM image
     LEFT JOIN prediction AS first ON first.run_id = ? AND first.image_id = image.id
     LEFT JOIN prediction AS second ON second.run_id = ? AND second.image_id = image.id
     WHERE image.split = ? AND image.excluded = 0 AND image.class_id IS NOT NULL
     ORDER BY image.id`,
  ).all(before, after, split);
  return rows.map((row) => ({
    id: Number(row.id),
    hash: String(row.hash),
    path: String(row.path),
    classId: Number(row.classId),
    before: said(row.firstClass, row.firstProbability),
    after: said(row.secondClass, row.secondProbability),
  }));
}

function said(classId: unknown, probability: unknown): Said | null {
  return classId === null ? null : { classId: Number(classId), probability: Number(probability) };
}
