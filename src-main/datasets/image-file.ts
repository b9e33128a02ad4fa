/** Reading image files: whole, asynchronously, with every way it can go wrong told apart. */
import { hash as hashOnce } from 'node:crypto';
import { type FileHandle, constants, open } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import { type FileContent, detectContent, headBytes } from './image-format.ts';

/** The largest file that is read. */
export const maxFileMegabytes = 256;
const mebibyte = 1024 * 1024;
/** Up to this size a file is hashed at once (under a millisecond); above, in a thread. */
const hashAtOnce = mebibyte / 2;

/** Opening a pipe would wait for somebody to write into it. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** An image file in memory. */
export interface ImageFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly content: Extract<FileContent, { kind: 'image' }>;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Reads a file that should be an image. Of a file that is none, only the beginning is read.
 * @throws AppError IMAGE_EMPTY, IMAGE_NOT_AN_IMAGE, IMAGE_FORMAT_UNSUPPORTED, IMAGE_FILE_TOO_LARGE,
 *   IMAGE_UNREADABLE, IMAGE_MISSING
 */
export async function readImageFile(path: string): Promise<ImageFile> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, withoutWaiting);
    const found = await file.stat();
    if (!found.isFile() && !found.isDirectory())
      throw new AppError('IMAGE_UNREADABLE', { reason: 'it is a pipe or a device, not a file' });
    const { size, mtimeMs } = found;
    if (size === 0) throw new AppError('IMAGE_EMPTY');
    const head = await readStart(file, Math.min(size, size <= mebibyte ? size : headBytes));
    const content = requireImage(head);
    if (size > maxFileMegabytes * mebibyte) {
      throw new AppError('IMAGE_FILE_TOO_LARGE', {
        megabytes: Math.round(size / mebibyte),
        limit: maxFileMegabytes,
      });
    }
    const bytes = head.length === size ? head : await readStart(file, size);
    return { bytes, content, modified: mtimeMs };
  } catch (error) {
    throw error instanceof AppError ? error : fromReadError(error);
  } finally {
    await file?.close();
  }
}

async function readStart(file: FileHandle, length: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, filled);
    if (bytesRead === 0) return buffer.subarray(0, filled);
    filled += bytesRead;
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

/** SHA-256 of the bytes, in hexadecimal: the identity of an image everywhere. Large files never block. */
export async function hashBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (bytes.length <= hashAtOnce) return hashOnce('sha256', bytes, 'hex');
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
