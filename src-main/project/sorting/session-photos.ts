/** The photos of a sorting: what was found, what was predicted, what the user says. */
import { z } from 'zod';
import type { Judgement } from '../../contract/shared/calibration.ts';
import type { AppError } from '../../contract/shared/errors.ts';
import { errorCodeSchema } from '../../contract/shared/vocabulary.ts';
import { prepared } from '../database/prepared.ts';
import { jsonColumn, parseRow, readRow, readRows, soundRows } from '../database/stored-rows.ts';
import { inTransaction } from '../database/transaction.ts';
import type { SortSession } from './session-database.ts';

/** A detection with what the network says of it. */
export const judgedBoxSchema = z.object({
  category: z.string(),
  confidence: z.number(),
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  label: z.string().nullable(),
  probability: z.number().nullable(),
});
export type JudgedBox = z.infer<typeof judgedBoxSchema>;

/** Why a photo is unknown; `several`: its boxes hold different classes. */
export const unknownSchema = z.enum(['probability', 'distance', 'several']);
export type Unknown = z.infer<typeof unknownSchema>;

const photoSchema = z.object({
  id: z.number().int(),
  path: z.string(),
  state: z.enum(['found', 'predicted', 'failed']),
  bytes: z.number(),
  modified: z.string(),
  hash: z.string().nullable(),
  taken_at: z.string().nullable(),
  camera: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  boxes: jsonColumn(z.array(judgedBoxSchema)).nullable(),
  aside: z.string().nullable(),
  distance: z.number().nullable(),
  code: errorCodeSchema.nullable(),
  params: jsonColumn(
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  ).nullable(),
  burst: z.number().int().nullable(),
  label: z.string().nullable(),
  probability: z.number().nullable(),
  unknown: unknownSchema.nullable(),
  verdict: z.string().nullable(),
});
/** A photo as it is stored. A `verdict` of '' says “unknown”. */
export type SortedRow = z.infer<typeof photoSchema>;

const columns =
  'id, path, state, bytes, modified, hash, taken_at, camera, latitude, longitude, boxes, aside, distance, code, params, burst, label, probability, unknown, verdict';

/** A photo before anything is known of it. */
export interface FoundPhoto {
  /** Inside the source, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Nanoseconds since 1970. */
  readonly modified: string;
}

/** What a reading of a photo gave. */
export interface PredictedPhoto {
  readonly id: number;
  readonly hash: string;
  readonly takenAt: string | null;
  readonly camera: string | null;
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly boxes: readonly JudgedBox[] | null;
  /** `empty`, or the category of boxes that are not classified; null for classified photos. */
  readonly aside: string | null;
  readonly probabilities: Float32Array | null;
  readonly judgement: Judgement | null;
  readonly several: boolean;
}

/** Notes photos that were found; those that are known already stay as they are. */
export function addFound({ database }: SortSession, photos: readonly FoundPhoto[]): void {
  const insert = prepared(
    database,
    "INSERT OR IGNORE INTO photo (path, state, bytes, modified) VALUES (?, 'found', ?, ?)",
  );
  inTransaction(database, () => {
    for (const { path, bytes, modified } of photos) insert.run(path, bytes, modified);
  });
}

/** Photos that are not predicted yet, some at a time, in the order of their paths. */
export function* foundPhotos({ database }: SortSession): Generator<FoundPhoto & { readonly id: number }> {
  const next = prepared(
    database,
    "SELECT id, path, bytes, modified FROM photo WHERE state = 'found' AND id > ? ORDER BY id LIMIT 256",
  );
  const schema = photoSchema.pick({ id: true, path: true, bytes: true, modified: true });
  let last = 0;
  for (;;) {
    const rows = readRows(next, last);
    if (rows.length === 0) return;
    yield* soundRows(schema, rows);
    last = Number(rows.at(-1)?.id);
  }
}

/** Writes what was predicted, all of it or nothing. */
export function writePredicted(
  { database }: SortSession,
  photos: readonly (PredictedPhoto | { readonly id: number; readonly error: AppError })[],
): void {
  const write = prepared(
    database,
    `UPDATE photo SET state = 'predicted', hash = ?, taken_at = ?, camera = ?, latitude = ?, longitude = ?,
       boxes = ?, aside = ?, probabilities = ?, judged = ?, distance = ?, code = NULL, params = NULL WHERE id = ?`,
  );
  const refuse = prepared(database, "UPDATE photo SET state = 'failed', code = ?, params = ? WHERE id = ?");
  inTransaction(database, () => {
    for (const photo of photos) {
      if ('error' in photo) {
        refuse.run(photo.error.code, JSON.stringify(photo.error.params), photo.id);
        continue;
      }
      const { probabilities, judgement, place } = photo;
      write.run(
        photo.hash,
        photo.takenAt,
        photo.camera,
        place?.latitude ?? null,
        place?.longitude ?? null,
        photo.boxes === null ? null : JSON.stringify(photo.boxes),
        photo.aside,
        probabilities === null ? null : bytesOf(probabilities),
        photo.several ? 'several' : judged(judgement),
        judgement?.distance ?? null,
        photo.id,
      );
    }
  });
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Null where nothing is fitted for the model. */
function judged(judgement: Judgement | null): string | null {
  if (judgement === null || judgement.unknown === null) return null;
  return judgement.unknown === false ? 'known' : judgement.unknown;
}

/** How many photos there are of which everything said is the same. */
export function countKinds({ database }: SortSession) {
  const rows = readRows(
    prepared(
      database,
      'SELECT state, aside, label, unknown, verdict, count(*) AS photos FROM photo GROUP BY 1, 2, 3, 4, 5',
    ),
  );
  const schema = photoSchema
    .pick({ state: true, aside: true, label: true, unknown: true, verdict: true })
    .extend({ photos: z.number().int() });
  return soundRows(schema, rows);
}

/** How many photos there are in each state. */
export function countStates({ database }: SortSession): Record<SortedRow['state'], number> {
  const counts = { found: 0, predicted: 0, failed: 0 };
  const rows = readRows(prepared(database, 'SELECT state, count(*) AS photos FROM photo GROUP BY state'));
  for (const { state, photos } of rows) counts[state as SortedRow['state']] = Number(photos);
  return counts;
}

/** All photos, in the order of their paths; damaged rows are left out. */
export function* allPhotos({ database }: SortSession): Generator<SortedRow> {
  const next = prepared(database, `SELECT ${columns} FROM photo WHERE id > ? ORDER BY id LIMIT 500`);
  let last = 0;
  for (;;) {
    const rows = readRows(next, last);
    if (rows.length === 0) return;
    yield* soundRows(photoSchema, rows);
    last = Number(rows.at(-1)?.id);
  }
}

/** The paths of all photos. */
export function* allPaths({ database }: SortSession): Generator<string> {
  const next = prepared(database, 'SELECT id, path FROM photo WHERE id > ? ORDER BY id LIMIT 5000');
  let last = 0;
  for (;;) {
    const rows = readRows(next, last);
    if (rows.length === 0) return;
    for (const { path } of rows) yield String(path);
    last = Number(rows.at(-1)?.id);
  }
}

/** One photo; null where there is none. */
export function findPhoto({ database }: SortSession, id: number): SortedRow | null {
  const row = readRow(prepared(database, `SELECT ${columns} FROM photo WHERE id = ?`), id);
  if (row === null) return null;
  const parsed = parseRow(photoSchema, row);
  return 'value' in parsed ? parsed.value : null;
}

/** The probabilities of a photo, one for each class; null where it has none. */
export function probabilitiesOf({ database }: SortSession, id: number): Float32Array | null {
  const row = prepared(database, 'SELECT probabilities FROM photo WHERE id = ?').get(id);
  const bytes = row?.probabilities;
  if (!(bytes instanceof Uint8Array) || bytes.byteLength % 4 !== 0) return null;
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** What the network's calibration said of each classified photo, with what makes bursts. */
export function classifiedPhotos({ database }: SortSession): {
  id: number;
  path: string;
  takenAt: string | null;
  camera: string | null;
  judged: string | null;
}[] {
  const rows = readRows(
    prepared(
      database,
      `SELECT id, path, taken_at, camera, judged FROM photo
       WHERE state = 'predicted' AND probabilities IS NOT NULL ORDER BY id`,
    ),
  );
  const schema = photoSchema
    .pick({ id: true, path: true, taken_at: true, camera: true })
    .extend({ judged: z.string().nullable() });
  return soundRows(schema, rows).map(({ taken_at: takenAt, ...row }) => ({ ...row, takenAt }));
}

/** What is said of a photo, by itself or with its burst. */
export interface Said {
  readonly id: number;
  readonly burst: number | null;
  readonly label: string;
  readonly probability: number;
  readonly unknown: Unknown | null;
}

/** Writes what is said of photos. What the user has said stays. */
export function writeSaid({ database }: SortSession, said: Iterable<Said>): void {
  const write = prepared(
    database,
    'UPDATE photo SET burst = ?, label = ?, probability = ?, unknown = ? WHERE id = ?',
  );
  inTransaction(database, () => {
    for (const { id, burst, label, probability, unknown } of said)
      write.run(burst, label, probability, unknown, id);
  });
}
