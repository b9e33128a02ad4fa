/** Tables as JSON: a list of records, a record a line, or photos with their labels. */
import type { LabelList } from './label-row.ts';
import { LabelTable } from './table.ts';

type Value = string | number | boolean | null;
type JsonRecord = Readonly<Record<string, unknown>>;

/** The records of a JSON Lines file; null when a line is not one. */
export function parseJsonLines(text: string): JsonRecord[] | null {
  const records: JsonRecord[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() === '') continue;
    try {
      const value: unknown = JSON.parse(line);
      if (!isRecord(value)) return null;
      records.push(value);
    } catch {
      return null;
    }
  }
  return records;
}

/**
 * Reads labels from parsed JSON that is a table.
 * @returns null when it is none
 * @throws AppError DATASET_LIST_COLUMNS, DATASET_LABELS_INVALID
 */
export function readJsonTable(value: unknown, path: string): LabelList | null {
  if (Array.isArray(value))
    return value.length > 0 && value.every(isRecord) ? fromRecords(value, path) : null;
  if (!isRecord(value)) return null;
  const entries = Object.entries(value);
  if (entries.length === 0 || entries.some(([, label]) => typeof label !== 'string')) return null;
  const photos = entries.filter(([name]) => /\.[a-z0-9]{3,4}$/i.test(name));
  if (photos.length < entries.length) return null;
  const table = new LabelTable(path);
  table.add(['path', 'label']);
  for (const [name, label] of entries) table.add([name, label as string]);
  return table.end();
}

function fromRecords(records: readonly JsonRecord[], path: string): LabelList {
  const rows = records.map(flat);
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  const table = new LabelTable(path);
  table.add([...names]);
  for (const row of rows) table.add([...names].map((name) => String(row.get(name) ?? '')));
  return table.end();
}

/** What lies in records within a record goes by its own name, as `class-name` in Amazon's manifests. */
function flat(record: JsonRecord): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, value] of Object.entries(record)) {
    if (isRecord(value)) for (const [inner, one] of flat(value)) values.set(inner, one);
    else if (Array.isArray(value)) values.set(name, value.filter((one) => typeof one === 'string').join('|'));
    else if (isValue(value)) values.set(name, value);
  }
  return values;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
