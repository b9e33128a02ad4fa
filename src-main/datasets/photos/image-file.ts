/** Reading image files: whole, in a photo thread, with every way it can go wrong told apart. */
import { hash as hashOnce } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../contract/shared/errors.ts';
import { type FileContent, detectContent, headBytes } from './formats/image-format.ts';

/** The largest file that is read. */
export const maxFileMegabytes = 256;
/** Read one at a time: a dozen of these at once would fill the memory of a small machine. */
const largeFileMegabytes = 32;
const mebibyte = 1024 * 1024;

/** Opening a pipe would wait for somebody to write into it. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Thrown for a picture that needs much memory, when others may be needing as much. */
export class TooMuchAtOnce extends Error {}

/** An image file in memory. */
export interface ImageFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly content: Extract<FileContent, { kind: 'image' }>;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Reads a file that should be an image. Of a file that is none, only the beginning is read. Waits for the drive: not
 * for the main thread.
 * @param largeAllowed it may take much memory: no other large file is read meanwhile
 * @throws AppError IMAGE_EMPTY, IMAGE_NOT_AN_IMAGE, IMAGE_FORMAT_UNSUPPORTED, IMAGE_FILE_TOO_LARGE,
 *   IMAGE_UNREADABLE, IMAGE_MISSING; TooMuchAtOnce when not largeAllowed
 */
export function readImageFile(path: string, largeAllowed: boolean): ImageFile {
  let file: number | null = null;
  try {
    file = openSync(path, withoutWaiting);
    const found = fstatSync(file);
    if (!found.isFile() && !found.isDirectory())
      throw new AppError('IMAGE_UNREADABLE', { reason: 'it is a pipe or a device, not a file' });
    const { size, mtimeMs } = found;
    if (size === 0) throw new AppError('IMAGE_EMPTY');
    const head = readStart(file, Math.min(size, size <= mebibyte ? size : headBytes));
    const content = requireImage(head);
    if (size > maxFileMegabytes * mebibyte) {
      throw new AppError('IMAGE_FILE_TOO_LARGE', {
        megabytes: Math.round(size / mebibyte),
        limit: maxFileMegabytes,
      });
    }
    if (!largeAllowed && size > largeFileMegabytes * mebibyte) throw new TooMuchAtOnce();
    const bytes = head.length === size ? head : readStart(file, size);
    return { bytes, content, modified: mtimeMs };
  } catch (error) {
    throw error instanceof AppError || error instanceof TooMuchAtOnce ? error : fromReadError(error);
  } finally {
    if (file !== null) closeSync(file);
  }
}

function readStart(file: number, length: number): Buffer<ArrayBuffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, buffer, filled, length - filled, filled);
    if (count === 0) return buffer.subarray(0, filled);
    filled += count;
  }
  return buffer;
}

/**
 * The format of an image, from its bytes.
 * @throws AppError IMAGE_EMPTY, IMAGE_NOT_AN_IMAGE, IMAGE_FORMAT_UNSUPPORTED
 */
export function requireImage(bytes: Uint8Array): Extract<FileContent, { kind: 'image' }> {
  if (bytes.length === 0) throw new AppError('IMAGE_EMPTY');
  const content = detectContent(bytes.subarray(0, headBytes));
  if (content.kind === 'unsupported')
    throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format: content.name });
  if (content.kind === 'other') throw new AppError('IMAGE_NOT_AN_IMAGE', { found: content.found });
  return content;
}

/** What a failed read of an image means. */
export function fromReadError(error: unknown): AppError {
  const { code, message, path } = error as NodeJS.ErrnoException;
  // A name that could not be read as text leads nowhere, though the file is there.
  if (code === 'ENOENT' && path?.includes('\uFFFD') === true)
    return new AppError(
      'IMAGE_UNREADABLE',
      { reason: 'its name is not in UTF-8: rename it' },
      { cause: error },
    );
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('IMAGE_MISSING', {}, { cause: error });
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EIO: 'drive error',
    EISDIR: 'it is a folder',
  };
  return new AppError(
    'IMAGE_UNREADABLE',
    { reason: reasons[code ?? ''] ?? code ?? message },
    { cause: error },
  );
}

/** SHA-256 of the bytes, in hexadecimal: the identity of an image everywhere. */
export function hashBytes(bytes: Uint8Array): string {
  return hashOnce('sha256', bytes, 'hex');
}
