/** What a failure of the operating system or of SQLite means to someone who opens a project. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { isDamage } from './database-error.ts';

/** SQLite's primary result codes. */
const sqlite = { busy: 5, locked: 6, readOnly: 8, inputOutput: 10, full: 13, cannotOpen: 14, permission: 3 };

/**
 * Maps any failure of opening a project to a code with a remedy that fits it. Only what SQLite itself calls damage is
 * PROJECT_DAMAGED: restoring a backup would help against nothing else.
 * @param path the file or folder that was being opened or made
 */
export function explainOpenFailure(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const { code, errcode, message } = (error ?? {}) as { code?: string; errcode?: number; message?: string };
  const reason = message ?? String(error);
  const options = { cause: error };
  if (isDamage(error)) return new AppError('PROJECT_DAMAGED', { path, reason }, options);
  const primary = typeof errcode === 'number' ? errcode & 0xff : null;
  if (primary === sqlite.full) return new AppError('DISK_FULL', { path }, options);
  if (primary === sqlite.readOnly || primary === sqlite.permission) {
    return new AppError('PROJECT_READ_ONLY', { path, reason }, options);
  }
  if (primary === sqlite.busy || primary === sqlite.locked) {
    return new AppError('PROJECT_LOCKED', { path, pid: 'unknown' }, options);
  }
  if (primary === sqlite.inputOutput || primary === sqlite.cannotOpen) {
    return new AppError('FILE_UNWRITABLE', { path, reason }, options);
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('DISK_FULL', { path }, options);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('PROJECT_READ_ONLY', { path, reason: code }, options);
    case 'ENOTDIR':
    case 'EEXIST':
      return new AppError('PROJECT_PART_INVALID', { path, found: 'file', expected: 'folder' }, options);
    case 'ELOOP':
      return new AppError('PROJECT_PART_INVALID', { path, found: 'link', expected: 'folder' }, options);
    case 'EMFILE':
    case 'ENFILE':
      return new AppError('FILES_TOO_MANY_OPEN', { path }, options);
    case undefined:
      return AppError.from(error);
    default:
      // Node's own codes are none of the system's.
      if (code.startsWith('ERR_')) return AppError.from(error);
      return new AppError('FILE_UNWRITABLE', { path, reason: code }, options);
  }
}

/**
 * The system's own error behind SQLite's "unable to open database file" and "disk I/O error", which it also says of
 * files and folders that may not be written to. Not for a file that this process has open: closing it a second time
 * would end the lock.
 * @returns the error itself when it is another one, or when file and folder can be written to
 */
export function systemReason(error: unknown, path: string): unknown {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  const primary = typeof errcode === 'number' ? errcode & 0xff : null;
  if (primary !== sqlite.cannotOpen && primary !== sqlite.inputOutput) return error;
  const probe = join(dirname(path), `.lenslet-probe-${process.pid}`);
  try {
    closeSync(openSync(path, 'a'));
    closeSync(openSync(probe, 'wx'));
    rmSync(probe, { force: true });
    return error;
  } catch (reason) {
    return reason;
  }
}
