/** What the checks found, and which of it the user put aside. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type Finding, type Severity, findingSchema } from '../../contract/app/checks.ts';
import { prepared } from '../database/prepared.ts';
import { type StoredRow, jsonColumn, readRow, readRows, soundRows } from '../database/stored-rows.ts';
import { inTransaction } from '../database/transaction.ts';

/** A finding to be stored. */
export interface NewFinding {
  readonly severity: Severity;
  /** One sentence. */
  readonly message: string;
  /** How bad it is among its kind, 0–1. */
  readonly score: number;
  /** Names it across runs of the check: made of contents, not of ids. */
  readonly key: string;
  /** The worst or leading one first. */
  readonly images: readonly number[];
  readonly paths: readonly string[];
  readonly suggestedClassId: number | null;
}

/** Where and when a check was last run. */
export interface CheckResult {
  readonly ranAt: string;
  /** `datasetFingerprint` of then. */
  readonly fingerprint: string;
}

/** Photos of a finding that come with it. */
const sampleSize = 200;

/** Stores a check's findings in place of those before. */
export function storeFindings(
  database: DatabaseSync,
  check: string,
  fingerprint: string,
  findings: readonly NewFinding[],
): void {
  inTransaction(database, () => {
    prepared(database, 'DELETE FROM finding WHERE check_id = ?').run(check);
    const insert = prepared(
      database,
      `INSERT INTO finding (check_id, severity, message, score, key, images, paths, suggested_class_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const insertImage = prepared(
      database,
      'INSERT INTO finding_image (finding_id, place, image_id) VALUES (?, ?, ?)',
    );
    for (const finding of findings) {
      const { severity, message, score, key, images, paths, suggestedClassId } = finding;
      const texts = JSON.stringify(paths);
      const { lastInsertRowid } = insert.run(
        check,
        severity,
        message,
        score,
        key,
        images.length,
        texts,
        suggestedClassId,
      );
      images.forEach((image, place) => insertImage.run(lastInsertRowid, place, image));
    }
    prepared(
      database,
      'INSERT OR REPLACE INTO check_result (check_id, ran_at, fingerprint) VALUES (?, ?, ?)',
    ).run(check, new Date().toISOString(), fingerprint);
  });
}

/** When each check was last run. */
export function readCheckResults(database: DatabaseSync): Map<string, CheckResult> {
  const rows = database.prepare('SELECT check_id, ran_at, fingerprint FROM check_result').all();
  return new Map(
    rows.map((row) => [
      String(row.check_id),
      { ranAt: String(row.ran_at), fingerprint: String(row.fingerprint) },
    ]),
  );
}

/** After a change that no check looks at: answers of the dataset before it hold for the one after it. */
export function keepFresh(database: DatabaseSync, before: string, after: string): void {
  prepared(database, 'UPDATE check_result SET fingerprint = ? WHERE fingerprint = ?').run(after, before);
}

/** Findings and photos per check; dismissed findings are counted apart. */
export function countFindings(
  database: DatabaseSync,
): Map<string, { findings: number; images: number; dismissed: number }> {
  const rows = database
    .prepare(
      `SELECT check_id AS id, sum(dismissed = 0) AS findings, sum(dismissed) AS dismissed FROM (
         SELECT check_id, key IN (SELECT key FROM dismissal) AS dismissed FROM finding) GROUP BY check_id`,
    )
    .all();
  const images = database
    .prepare(
      `SELECT check_id AS id, count(DISTINCT image_id) AS images FROM finding
       JOIN finding_image ON finding_id = finding.id
       WHERE key NOT IN (SELECT key FROM dismissal) GROUP BY check_id`,
    )
    .all();
  const imagesOf = new Map(images.map((row) => [String(row.id), Number(row.images)]));
  return new Map(
    rows.map((row) => [
      String(row.id),
      {
        findings: Number(row.findings),
        dismissed: Number(row.dismissed),
        images: imagesOf.get(String(row.id)) ?? 0,
      },
    ]),
  );
}

/** Which findings to list. */
export interface FindingFilter {
  readonly check?: string | undefined;
  readonly image?: number | undefined;
  readonly ids?: readonly number[] | undefined;
  readonly dismissed: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Findings as stored; whether a fix exists is the check's to say. */
export type StoredFinding = Omit<Finding, 'fixable'>;

const worstFirst = `CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, score DESC, id`;

/** Findings that fit, worst first; one that cannot be read is left out, as its check finds it again. */
export function listFindings(
  database: DatabaseSync,
  filter: FindingFilter,
): { total: number; findings: StoredFinding[] } {
  const parts = [`(key IN (SELECT key FROM dismissal)) = ${Number(filter.dismissed)}`];
  const values: (string | number)[] = [];
  if (filter.check !== undefined) {
    parts.push('check_id = ?');
    values.push(filter.check);
  }
  if (filter.image !== undefined) {
    parts.push('id IN (SELECT finding_id FROM finding_image WHERE image_id = ?)');
    values.push(filter.image);
  }
  if (filter.ids !== undefined) {
    parts.push('id IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(filter.ids));
  }
  const where = parts.join(' AND ');
  const counted = readRow(
    prepared(database, `SELECT count(*) AS total FROM finding WHERE ${where}`),
    ...values,
  );
  const rows = readRows(
    prepared(database, `SELECT * FROM finding WHERE ${where} ORDER BY ${worstFirst} LIMIT ? OFFSET ?`),
    ...values,
    filter.limit,
    filter.offset,
  );
  const findings = soundRows(
    rowSchema,
    rows.map((row) => withPhotos(database, row, filter.dismissed)),
  );
  return { total: Number(counted?.total ?? 0), findings };
}

const rowSchema = z.object({
  ...findingSchema.omit({ fixable: true }).shape,
  paths: jsonColumn(findingSchema.shape.paths),
});

function withPhotos(database: DatabaseSync, row: StoredRow, dismissed: boolean): StoredRow {
  const { check_id: check, suggested_class_id: suggestedClassId, ...same } = row;
  const sample = imagesOfFinding(database, Number(row.id), sampleSize);
  return { ...same, check, suggestedClassId, sample, dismissed };
}

/** Photos of a finding, in its order. */
export function imagesOfFinding(database: DatabaseSync, finding: number, limit = -1): number[] {
  const statement = prepared(
    database,
    'SELECT image_id FROM finding_image WHERE finding_id = ? ORDER BY place LIMIT ?',
  );
  return readRows(statement, finding, limit).map((row) => Number(row.image_id));
}

/** Checks that found something about each of some images; dismissed findings are left out. */
export function checksOfImages(database: DatabaseSync, imageIds: readonly number[]): Map<number, string[]> {
  const rows = prepared(
    database,
    `SELECT DISTINCT image_id AS id, check_id AS found FROM finding_image JOIN finding ON finding.id = finding_id
     WHERE image_id IN (SELECT value FROM json_each(?)) AND key NOT IN (SELECT key FROM dismissal)
     ORDER BY check_id`,
  ).all(JSON.stringify(imageIds));
  const checks = new Map<number, string[]>();
  for (const row of rows) {
    const of = checks.get(Number(row.id));
    if (of === undefined) checks.set(Number(row.id), [String(row.found)]);
    else of.push(String(row.found));
  }
  return checks;
}
