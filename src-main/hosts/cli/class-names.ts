/** Reads the class names of a model file, given with `--classes`. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';

/** The forms that are about: a list, index → name, or Keras' index → [id, name]. */
const namesSchema = z.union([
  z.array(z.string()),
  z.record(z.string(), z.union([z.string(), z.tuple([z.string(), z.string()])])),
]);

function fromJson(text: string): string[] | null {
  const parsed = namesSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  if (Array.isArray(parsed.data)) return parsed.data;
  const entries = Object.entries(parsed.data).sort(([a], [b]) => Number(a) - Number(b));
  const isIndexed = entries.every(([key], index) => Number(key) === index);
  return isIndexed ? entries.map(([, value]) => (typeof value === 'string' ? value : value[1])) : null;
}

/**
 * The names in a file: JSON (a list, or index → name), else one name a line.
 * @throws AppError FILE_UNREADABLE when it cannot be read or is JSON of another form
 */
export function readClassNames(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNREADABLE', { path, reason }, { cause: error });
  }
  if (!/^\s*[[{]/.test(text))
    return text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  try {
    const names = fromJson(text);
    if (names !== null) return names;
  } catch (error) {
    throw new AppError('FILE_UNREADABLE', { path, reason: 'not valid JSON' }, { cause: error });
  }
  throw new AppError('FILE_UNREADABLE', { path, reason: 'neither a list of names nor names by their index' });
}
