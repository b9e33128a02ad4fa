/**
 * The grid's lists: ids of the images that fit, in order. As one JSON text from SQLite: a row object for each of a
 * hundred thousand images would take five times as long.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { ImageFilter } from '../../contract/app/datasets.ts';
import { unpackRanges } from '../../contract/shared/id-ranges.ts';
import type { PhotoSort } from '../../contract/app/labels.ts';
import { bestPredictedRun } from '../runs/predictions.ts';
import { prepared } from '../database/prepared.ts';

const plain: PhotoSort = { by: 'added', descending: false };

type Values = (string | number)[];

/** Ids of the images that fit, in the order asked for; equal ones in the order they were added. */
export function listImageIds(
  database: DatabaseSync,
  filter: ImageFilter = {},
  sort: PhotoSort = plain,
): number[] {
  const { where, values } = conditions(filter);
  const joins = joinsFor(database, filter, sort);
  const sql = `SELECT json_group_array(id) AS ids FROM (SELECT image.id FROM image ${joins.sql}
    WHERE ${where} ORDER BY ${order(sort)})`;
  const row = prepared(database, sql).get(...joins.values, ...values) as { ids: string };
  return JSON.parse(row.ids) as number[];
}

function conditions(filter: ImageFilter): { where: string; values: Values } {
  // The plus keeps SQLite from the index that almost every image is in, where a better one can be used.
  const narrow = filter.classId !== undefined || filter.unlabelled === true;
  const parts = [`${narrow ? '+' : ''}image.excluded = ${filter.excluded === true ? 1 : 0}`];
  const values: Values = [];
  const add = (sql: string, ...given: Values): void => {
    parts.push(sql);
    values.push(...given);
  };
  if (filter.classId !== undefined) add('image.class_id = ?', filter.classId);
  if (filter.unlabelled) add('image.class_id IS NULL');
  if (filter.split !== undefined) add('image.split = ?', filter.split);
  if (filter.text) {
    add("image.path LIKE '%' || ? || '%' ESCAPE '\\'", filter.text.replace(/[\\%_]/g, '\\$&'));
  }
  if (filter.commented) add('image.comment IS NOT NULL');
  if (filter.check !== undefined) {
    add(
      `image.id IN (SELECT image_id FROM finding JOIN finding_image ON finding_id = finding.id
         WHERE check_id = ? AND key NOT IN (SELECT key FROM dismissal))`,
      filter.check,
    );
  }
  if (filter.finding !== undefined) {
    add('image.id IN (SELECT image_id FROM finding_image WHERE finding_id = ?)', filter.finding);
  }
  if (filter.images !== undefined) {
    add('image.id IN (SELECT value FROM json_each(?))', JSON.stringify(unpackRanges(filter.images)));
  }
  addPredictionConditions(filter, add);
  return { where: parts.join(' AND '), values };
}

function addPredictionConditions(filter: ImageFilter, add: (sql: string, ...given: Values) => void): void {
  if (filter.prediction === 'right') add('prediction.class_id = image.class_id');
  if (filter.prediction === 'wrong') add('prediction.class_id <> image.class_id');
  if (filter.prediction === 'none') add('prediction.class_id IS NULL');
  if (filter.predictedClassId !== undefined) add('prediction.class_id = ?', filter.predictedClassId);
  if (filter.confidenceFrom !== undefined) add('prediction.probability >= ?', filter.confidenceFrom);
  if (filter.confidenceTo !== undefined) add('prediction.probability <= ?', filter.confidenceTo);
}

function joinsFor(
  database: DatabaseSync,
  filter: ImageFilter,
  { by }: PhotoSort,
): { sql: string; values: Values } {
  const parts: string[] = [];
  const values: Values = [];
  const { prediction, predictedClassId, confidenceFrom, confidenceTo } = filter;
  const asked = [prediction, predictedClassId, confidenceFrom, confidenceTo].some((one) => one !== undefined);
  if (asked || by === 'confidence') {
    parts.push('LEFT JOIN prediction ON prediction.run_id = ? AND prediction.image_id = image.id');
    values.push(filter.run ?? bestPredictedRun(database) ?? '');
  }
  if (by === 'class') parts.push('LEFT JOIN class ON class.id = image.class_id');
  if (by === 'severity') {
    parts.push(`LEFT JOIN (
      SELECT image_id, max(score + CASE severity WHEN 'error' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END) AS badness
      FROM finding JOIN finding_image ON finding_id = finding.id
      WHERE key NOT IN (SELECT key FROM dismissal) GROUP BY image_id
    ) AS worst ON worst.image_id = image.id`);
  }
  return { sql: parts.join(' '), values };
}

/** What has no value comes last, whichever the direction. */
function order({ by, descending }: PhotoSort): string {
  const way = descending ? ' DESC' : '';
  switch (by) {
    case 'added':
    case 'uncertainty':
    case 'next':
      // Suggestions are not in the database; who knows them puts the list in order.
      return `image.id${way}`;
    case 'name':
      return `image.path${way}, image.id${way}`;
    case 'class':
      return `class.position IS NULL, class.position${way}, image.class_id${way}, image.id${way}`;
    case 'taken':
      return `image.taken_at IS NULL, image.taken_at${way}, image.id${way}`;
    case 'modified':
      return `image.modified${way}, image.id${way}`;
    case 'pixels':
      return `image.width * image.height${way}, image.id${way}`;
    case 'bytes':
      return `image.bytes${way}, image.id${way}`;
    case 'confidence':
      return `prediction.probability IS NULL, prediction.probability${way}, image.id${way}`;
    case 'severity':
      return `worst.badness IS NULL, worst.badness${descending ? '' : ' DESC'}, image.id${way}`;
  }
}
