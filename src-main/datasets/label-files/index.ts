/** Label lists of other programs. The content decides what a file is, not its name. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import { cocoSchema, readCocoLabels } from './coco.ts';
import { readCsvLabels } from './csv.ts';
import { parseJsonLines, readJsonTable } from './json-table.ts';
import type { LabelList } from './label-row.ts';
import { labelStudioSchema, readLabelStudioLabels } from './label-studio.ts';
import { type ListText, decodeList } from './list-text.ts';

/** The largest list that is read. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Reads a table (CSV and its kin, JSON), COCO or Label Studio file. A long one takes seconds:
 * `import/label-list-thread.ts` is for the main thread.
 * @throws AppError DATASET_LABELS_INVALID, DATASET_LIST_COLUMNS, DATASET_LIST_ENCODING, FILE_UNREADABLE
 */
export async function readLabelFile(
  path: string,
  onProgress?: (done: number, total: number) => void,
): Promise<LabelList> {
  const { text, assumed } = await readText(path);
  const found = withoutContradictions(readList(text, path, onProgress));
  const remarks = [...found.remarks];
  if (assumed !== null)
    remarks.push(new AppError('DATASET_LIST_ENCODING_ASSUMED', { path, encoding: assumed }).toData());
  if (found.ambiguous > 0) {
    const params = { path, count: found.ambiguous, example: found.ambiguousExample };
    remarks.push(new AppError('DATASET_LIST_AMBIGUOUS', params).toData());
  }
  return { ...found, remarks };
}

function readList(
  text: string,
  path: string,
  onProgress: ((done: number, total: number) => void) | undefined,
): LabelList {
  if (!/^\s*[[{]/.test(text)) return readCsvLabels(text, path, onProgress);
  const value = parseJson(text, path);
  const coco = cocoSchema.safeParse(value);
  if (coco.success) return requireRows(readCocoLabels(coco.data), path);
  const tasks = labelStudioSchema.safeParse(value);
  const list = tasks.success ? readLabelStudioLabels(tasks.data) : null;
  if (list !== null && (list.rows.length > 0 || list.ambiguous > 0)) return list;
  const table = readJsonTable(value, path);
  if (table !== null) return requireRows(table, path);
  throw new AppError('DATASET_LABELS_INVALID', {
    path,
    reason: list === null ? 'it is neither COCO nor Label Studio JSON, nor a table' : 'it labels no photo',
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = parseJsonLines(text);
    if (lines !== null) return lines;
    throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it is not valid JSON' }, { cause: error });
  }
}

/** A photo that a list names twice is labelled when both rows say the same, and ambiguous when not. */
function withoutContradictions(list: LabelList): LabelList {
  const labels = new Map<string, string | null>();
  const contradicted = new Set<string>();
  for (const { path, label } of list.rows) {
    const known = labels.get(path);
    if (known === undefined) labels.set(path, label);
    else if (known !== label) contradicted.add(path);
  }
  if (contradicted.size === 0) return list;
  const [example] = contradicted;
  return {
    ...list,
    rows: list.rows.filter(({ path }) => !contradicted.has(path)),
    ambiguous: list.ambiguous + contradicted.size,
    ambiguousExample: list.ambiguousExample || example,
  };
}

function requireRows(list: LabelList, path: string): LabelList {
  if (list.rows.length > 0 || list.ambiguous > 0) return list;
  throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it labels no photo' });
}

async function readText(path: string): Promise<ListText> {
  try {
    if ((await stat(path)).size > maxBytes)
      throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it is larger than 256 MB' });
    const bytes = await readFile(path);
    const other = kindOfOther(bytes);
    if (other !== null) throw new AppError('DATASET_LABELS_INVALID', { path, reason: other });
    return decodeList(bytes, path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNREADABLE', { path, reason }, { cause: error });
  }
}

/** What a file is that is not text, as a reason; null for text. */
function kindOfOther(bytes: Buffer): string | null {
  const start = bytes.toString('latin1', 0, 4);
  if (start === 'PK\x03\x04' || start === '\xd0\xcf\x11\xe0')
    return 'it is a spreadsheet; save it as “CSV UTF-8” and import that';
  return start === 'PAR1' || start === '\x89HDF' || start === 'SQLi' ? 'it is a binary file' : null;
}
