/** What SQLite's errors mean to people. */
import { AppError } from '../contract/errors.ts';

/** SQLite's result codes of a file that is no (whole) database: CORRUPT and NOTADB. */
const damaged: ReadonlySet<number> = new Set([11, 26]);

/** True when the file itself is damaged, and not the disk full or out of reach. */
export function isDamage(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' && damaged.has(errcode & 0xff);
}

/**
 * A failure of the disk beneath a database, said by SQLite in words of its own.
 * @returns DISK_FULL or FILE_UNWRITABLE with the path; null when it is another failure
 */
export function diskFailure(error: unknown, path: string): AppError | null {
  const reason = error instanceof Error ? error.message : '';
  if (/disk is full|no space left/i.test(reason))
    return new AppError('DISK_FULL', { path }, { cause: error });
  if (/disk I\/O error|readonly database|unable to open/i.test(reason)) {
    return new AppError('FILE_UNWRITABLE', { path, reason }, { cause: error });
  }
  return null;
}
