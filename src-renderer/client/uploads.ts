/** Sends dropped files to the services, a few at a time, straight from the disk. */
import type { QuarantinedFile } from '../../src-main/contract/app/datasets.ts';
import { uploadAddress } from '../../src-main/contract/shared/media.ts';
import { AppError, isErrorData, throwIfCancelled } from '../../src-main/contract/shared/errors.ts';
import type { FileSource, FoundFile } from './dropped-files.ts';
import { api } from './api.ts';
import { toAppError } from './errors.ts';
import { FileQueue } from './file-queue.ts';
import { keyHeaders } from './keys.ts';

export interface UploadProgress {
  /** Files found so far; all of them once `complete`. */
  readonly found: number;
  readonly sent: number;
  readonly bytes: number;
  /** Files that could not be sent, such as unreadable ones; the rest is sent without them. */
  readonly leftOut: readonly QuarantinedFile[];
  readonly complete: boolean;
}

interface UploadOptions {
  readonly signal: AbortSignal;
  report(progress: UploadProgress): void;
}

const parallel = 4;

async function refusal(answer: Response): Promise<AppError> {
  const data: unknown = await answer.json().catch(() => null);
  const error = typeof data === 'object' && data !== null && 'error' in data ? data.error : data;
  if (isErrorData(error)) return AppError.fromData(error);
  return new AppError('CONNECTION_LOST', {}, { cause: new Error(`the server answered ${answer.status}`) });
}

/**
 * Sends one image that is in memory.
 * @throws AppError CANCELLED, CONNECTION_LOST, DISK_FULL and whatever the services refuse it with
 */
export async function sendPicture(
  uploadId: string,
  path: string,
  picture: Blob,
  signal?: AbortSignal,
): Promise<void> {
  let answer: Response;
  try {
    const request = {
      method: 'PUT',
      headers: keyHeaders(),
      body: picture,
      ...(signal === undefined ? {} : { signal }),
    };
    answer = await fetch(uploadAddress(uploadId, path), request);
  } catch (cause) {
    throw new AppError(signal?.aborted ? 'CANCELLED' : 'CONNECTION_LOST', {}, { cause });
  }
  if (!answer.ok) throw await refusal(answer);
}

/** Sends one file. @returns its size in bytes */
async function send(uploadId: string, found: FoundFile, signal: AbortSignal): Promise<number> {
  const file = await found.open().catch((cause: unknown) => {
    throw new AppError('IMAGE_UNREADABLE', { reason: 'the browser cannot open it' }, { cause });
  });
  const request = { method: 'PUT', headers: keyHeaders(), body: file, signal };
  const answer = await fetch(uploadAddress(uploadId, found.path), request);
  if (!answer.ok) throw await refusal(answer);
  return file.size;
}

/** What is wrong with this one file or its name. Anything else, such as a full disk or a lost connection, is thrown on. */
function asLeftOut(path: string, thrown: unknown): QuarantinedFile {
  if (!(thrown instanceof AppError)) throw thrown;
  if (!thrown.code.startsWith('IMAGE_') && thrown.code !== 'UPLOAD_INVALID') throw thrown;
  return { path, code: thrown.code, message: thrown.message, remedy: thrown.remedy };
}

/**
 * Uploads everything in a drop. Only the names and the few files on their way are in memory.
 * @returns the upload's id, for `startImport` or `predict`
 * @throws AppError CANCELLED, CONNECTION_LOST, DISK_FULL, FILE_UNWRITABLE, NOT_FOUND
 */
export async function upload(source: FileSource, options: UploadOptions): Promise<string> {
  const { id } = await api.datasets.beginUpload({ name: source.name });
  const files = new FileQueue<FoundFile>();
  const leftOut: QuarantinedFile[] = [];
  const progress = { found: 0, sent: 0, bytes: 0, complete: false, leftOut };
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const report = (): void => options.report({ ...progress });

  const find = async (): Promise<void> => {
    for await (const file of source.find()) {
      throwIfCancelled(signal);
      files.add(file);
      progress.found++;
    }
    progress.complete = true;
    files.end();
  };
  const work = async (): Promise<void> => {
    for await (const file of files) {
      throwIfCancelled(signal);
      try {
        progress.bytes += await send(id, file, signal);
      } catch (thrown) {
        leftOut.push(asLeftOut(file.path, thrown));
      }
      progress.sent++;
      report();
    }
    throwIfCancelled(signal);
  };
  // Whoever waits for the next file is let go when the upload is cancelled or fails.
  signal.addEventListener('abort', () => files.end());
  try {
    await Promise.all([find(), ...Array.from({ length: parallel }, work)]);
  } catch (thrown) {
    failed.abort();
    if (options.signal.aborted) throw new AppError('CANCELLED', {}, { cause: thrown });
    if (thrown instanceof TypeError) throw new AppError('CONNECTION_LOST', {}, { cause: thrown });
    throw toAppError(thrown);
  }
  report();
  return id;
}
