/** A file that only grows: bytes are appended, made durable, and read by position. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../contract/shared/errors.ts';

/**
 * How files of a cache are opened: made when missing, and not through a link. Windows cannot be asked for the latter;
 * there links are taken out of the folder before.
 */
export const readAndWrite = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/** An open pack. */
export class PackFile {
  readonly path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Opens a pack, making it when it is not there. @throws AppError DISK_FULL, FILE_UNWRITABLE */
  static async open(path: string): Promise<PackFile> {
    try {
      return new PackFile(path, await open(path, readAndWrite, 0o644));
    } catch (error) {
      throw fromWriteError(error, path);
    }
  }

  /** Length in bytes. */
  async length(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  /** True while the file that is open is the one found under its path. */
  async isInPlace(): Promise<boolean> {
    const { nlink } = await this.#file.stat();
    return nlink > 0;
  }

  /**
   * Writes at a position and, unless told otherwise, waits until the bytes are on the disk.
   * @throws AppError DISK_FULL, FILE_UNWRITABLE
   */
  async write(chunks: readonly Uint8Array[], position: number, { durable = true } = {}): Promise<void> {
    try {
      await writeAll(this.#file, Buffer.concat(chunks), position);
      if (durable) await this.#file.datasync();
    } catch (error) {
      throw fromWriteError(error, this.path);
    }
  }

  /** Reads bytes, or null when the file does not reach that far or was closed meanwhile. */
  async read(position: number, length: number): Promise<Buffer | null> {
    const buffer = Buffer.allocUnsafeSlow(length);
    try {
      const { bytesRead } = await this.#file.read(buffer, 0, length, position);
      return bytesRead === length ? buffer : null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBADF') return null;
      throw error;
    }
  }

  /** Takes all bytes away. @throws AppError FILE_UNWRITABLE */
  async empty(): Promise<void> {
    try {
      await this.#file.truncate(0);
    } catch (error) {
      throw fromWriteError(error, this.path);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** What a failed write means. */
export function fromWriteError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new AppError('DISK_FULL', { path }, { cause: error });
  return new AppError('FILE_UNWRITABLE', { path, reason: code ?? message }, { cause: error });
}
