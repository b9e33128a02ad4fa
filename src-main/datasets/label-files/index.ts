/** Label lists of other programs. The content decides what a file is, not its name. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';
import { cocoSchema, readCocoLabels } from './coco.ts';
import { readCsvLabels } from './csv.ts';
import type { LabelList } from './label-row.ts';
import { labelStudioSchema, readLabelStudioLabels } from './label-studio.ts';

/** The largest list that is read. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Reads a CSV, COCO or Label Studio file. A long one takes seconds: `import/label-list-thread.ts` is for the main thread.
 * @throws AppError DATASET_LABELS_INVALID, FILE_UNREADABLE
 */
export async function readLabelFile(
  path: string,
  onProgress?: (done: number, total: number) => void,
): Promise<LabelList> {
  const text = await readText(path);
  if (!/^\s*[[{]/.test(text)) return readCsvLabels(text, path, onProgress);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it is no valid JSON' }, { cause: error });
  }
  const coco = cocoSchema.safeParse(value);
  if (coco.success) return requireRows(readCocoLabels(coco.data), path);
  const tasks = labelStudioSchema.safeParse(value);
  if (tasks.success) return requireRows(readLabelStudioLabels(tasks.data), path);
  throw new AppError('DATASET_LABELS_INVALID', {
    path,
    reason: 'it is neither COCO nor Label Studio JSON',
  });
}

function requireRows(list: LabelList, path: string): LabelList {
  if (list.rows.length > 0 || list.ambiguous > 0) return list;
  throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it labels no photo' });
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > maxBytes)
      throw new AppError('DATASET_LABELS_INVALID', { path, reason: 'it is larger than 256 MB' });
    const bytes = await readFile(path);
    // Spreadsheets of Windows save UTF-16 as "Unicode text".
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNREADABLE', { path, reason }, { cause: error });
  }
}
