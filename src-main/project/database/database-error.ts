/** What SQLite's errors, and those of the disk, mean to people. */
import { AppError } from '../../contract/shared/errors.ts';

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
  if (/disk I\/O error|readonly database|unable to open|database is locked/i.test(reason)) {
    return new AppError('FILE_UNWRITABLE', { path, reason }, { cause: error });
  }
  return null;
}

/** Failures of a disk that may work again later. */
const passing = new Set(['DISK_FULL', 'FILE_UNWRITABLE', 'PROJECT_GONE']);
const full = new Set(['ENOSPC', 'EDQUOT']);
const unwritable = new Set(['EIO', 'EROFS', 'ESTALE', 'ENODEV', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE']);

/**
 * A failure to write that is the disk's and no fault of ours: it may work when it is tried again later.
 * @param path what was written, where the failure itself does not say
 * @returns DISK_FULL, FILE_UNWRITABLE or PROJECT_GONE; null when it is another failure
 */
export function storageFailure(error: unknown, path: string): AppError | null {
  if (error instanceof AppError) return passing.has(error.code) ? error : null;
  const sqlite = diskFailure(error, path);
  if (sqlite !== null) return sqlite;
  const { code = '', path: own = path } = (error ?? {}) as NodeJS.ErrnoException;
  if (full.has(code)) return new AppError('DISK_FULL', { path: own }, { cause: error });
  if (!unwritable.has(code)) return null;
  return new AppError('FILE_UNWRITABLE', { path: own, reason: code }, { cause: error });
}

/** Anything thrown by work on a project as an AppError; what the disk is to blame for is no fault of ours. */
export function explainFailure(thrown: unknown, path = 'project.db'): AppError {
  return storageFailure(thrown, path) ?? AppError.from(thrown);
}
