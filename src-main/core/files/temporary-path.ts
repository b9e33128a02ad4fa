/** Temporary files, with failures that say what to do. */
import { tmpdir } from 'node:os';
import { privateTempPath } from './private-temp-folder.ts';
import { fromWriteError } from './pack-file.ts';

/**
 * A path for a new temporary file in this process's private folder; who asks for it removes the file.
 * @param name what it is for; a part of the file's name
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export function temporaryPath(name: string): string {
  try {
    return privateTempPath(name);
  } catch (error) {
    throw fromWriteError(error, tmpdir());
  }
}
