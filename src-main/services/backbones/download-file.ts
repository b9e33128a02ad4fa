/** Downloads one large file: resumed where it was broken off, checked, and put in its place only when whole. */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { hashOfFile } from './file-hash.ts';

/** What to download, and how it is known to be right. */
export interface DownloadOptions {
  readonly address: string;
  /** Where it goes. What has arrived so far lies beside it, with `.part` behind its name. */
  readonly target: string;
  /** Size of the whole file, where it is known. */
  readonly bytes: number | null;
  readonly md5: string | null;
  /** SHA-256 of the whole file, where it is known. */
  readonly sha256?: string | null;
  /** What the server is told besides, such as a password. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onProgress: (received: number, total: number | null) => void;
  /** A last look at the whole file before it is put in its place. */
  readonly check?: (path: string) => Promise<void>;
}

/** A server that sends nothing for so long has gone away, in milliseconds. */
const patience = 30_000;

/** The name under which a file is collected. */
export function partOf(target: string): string {
  return `${target}.part`;
}

/**
 * Downloads a file, going on from what an earlier attempt has left.
 * @throws AppError CANCELLED, BACKBONE_DOWNLOAD_OFFLINE, BACKBONE_DOWNLOAD_REFUSED, BACKBONE_DOWNLOAD_NOT_A_FILE,
 *   BACKBONE_DOWNLOAD_INTERRUPTED, BACKBONE_DOWNLOAD_WRONG, DISK_FULL, FILE_UNWRITABLE and what `check` throws
 */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const { target, signal } = options;
  const part = partOf(target);
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => {
    throw unwritable(target, error);
  });
  const before = await sizeOf(part);
  if (options.bytes === null || before !== options.bytes) await receive(options, part, before);
  if (signal.aborted) throw new AppError('CANCELLED');
  await verify(options, part);
  await rename(part, target);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function receive(options: DownloadOptions, part: string, before: number): Promise<void> {
  const stalled = new AbortController();
  const signal = AbortSignal.any([options.signal, stalled.signal]);
  const watch = setTimeout(() => stalled.abort(), patience);
  try {
    const response = await ask(options, before, signal);
    const { start, total } = placeOf(response, before, options);
    // The server has another file: no need to fetch it to know.
    const { bytes } = options;
    if (bytes !== null && total !== null && bytes !== total)
      await refuse(options, part, `${bytes} bytes`, `${total}`);
    if (!response.body) throw interrupted(options, 'the answer was empty');
    const file = await open(part, start === 0 ? 'w' : 'r+');
    try {
      const write = { options, total: options.bytes ?? total, watch };
      await collect(file, start, response.body, write);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw explain(error, options);
  } finally {
    clearTimeout(watch);
  }
}

async function ask(
  { address, headers: given }: DownloadOptions,
  before: number,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { ...given, 'accept-encoding': 'identity' };
  const rest = before > 0 ? { ...headers, range: `bytes=${before}-` } : headers;
  const response = await fetch(address, { headers: rest, signal });
  // Nothing comes after what is there: it belongs to another file.
  if (response.status !== 416) return response;
  await response.body?.cancel();
  return fetch(address, { headers, signal });
}

/** Where the answer continues, and how large the whole file is. */
function placeOf(
  response: Response,
  before: number,
  { address }: DownloadOptions,
): { start: number; total: number | null } {
  if (!response.ok) throw new AppError('BACKBONE_DOWNLOAD_REFUSED', { address, status: response.status });
  if (/^text\/|json/.test(response.headers.get('content-type') ?? ''))
    throw new AppError('BACKBONE_DOWNLOAD_NOT_A_FILE', { address });
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const rest = Number.isFinite(length) ? length : null;
  if (response.status !== 206) return { start: 0, total: rest };
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const start = Number(range?.[1] ?? before);
  // Parts of a server that continues at another place must not be joined.
  if (start !== before) throw new AppError('BACKBONE_DOWNLOAD_REFUSED', { address, status: response.status });
  return { start, total: range === null || range[2] === '*' ? null : Number(range[2]) };
}

interface Writing {
  readonly options: DownloadOptions;
  readonly total: number | null;
  readonly watch: NodeJS.Timeout;
}

async function collect(
  file: FileHandle,
  start: number,
  body: ReadableStream<Uint8Array>,
  { options, total, watch }: Writing,
): Promise<void> {
  let received = start;
  options.onProgress(received, total);
  for await (const chunk of body) {
    watch.refresh();
    await file.write(chunk, 0, chunk.byteLength, received);
    received += chunk.byteLength;
    options.onProgress(received, total);
  }
  if (total !== null && received < total) throw interrupted(options, `${received} of ${total} bytes came`);
}

function interrupted({ address }: DownloadOptions, reason: string, cause?: unknown): AppError {
  return new AppError('BACKBONE_DOWNLOAD_INTERRUPTED', { address, reason }, { cause });
}

function unwritable(path: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? String(error);
  if (code === 'ENOSPC') return new AppError('DISK_FULL', { path }, { cause: error });
  return new AppError('FILE_UNWRITABLE', { path, reason: code }, { cause: error });
}

/** Codes of failed writes. */
const diskCodes = new Set(['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT', 'EIO', 'EISDIR']);
/** Codes that say that no connection came about. */
const offlineCodes =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|DEPTH_ZERO)/;

function explain(error: unknown, options: DownloadOptions): AppError {
  if (error instanceof AppError) return error;
  if (options.signal.aborted) return new AppError('CANCELLED', {}, { cause: error });
  const cause = (error as { cause?: unknown } | null)?.cause ?? error;
  const code = String((cause as NodeJS.ErrnoException | null)?.code ?? '');
  if (diskCodes.has(code)) return unwritable(options.target, cause);
  if (offlineCodes.test(code)) {
    const { host } = new URL(options.address);
    return new AppError('BACKBONE_DOWNLOAD_OFFLINE', { host, reason: code }, { cause: error });
  }
  const silent = (error as { name?: unknown } | null)?.name === 'AbortError';
  const reason = silent ? `nothing came for ${patience / 1000} seconds` : code || String(error);
  return interrupted(options, reason, error);
}

/** Removes the download and throws the reason. */
async function refuse(
  { address }: DownloadOptions,
  part: string,
  expected: string,
  found: string,
): Promise<never> {
  await rm(part, { force: true });
  throw new AppError('BACKBONE_DOWNLOAD_WRONG', { address, expected, found });
}

async function verify(options: DownloadOptions, part: string): Promise<void> {
  const { bytes, md5, sha256 = null, check, signal } = options;
  const size = await sizeOf(part);
  if (bytes !== null && size !== bytes) await refuse(options, part, `${bytes} bytes`, `${size}`);
  if (md5 !== null) {
    const found = await hashOfFile('md5', part, signal);
    if (found !== md5) await refuse(options, part, `MD5 ${md5}`, found);
  }
  if (sha256 !== null) {
    const found = await hashOfFile('sha256', part, signal);
    if (found !== sha256) await refuse(options, part, `SHA-256 ${sha256}`, found);
  }
  try {
    await check?.(part);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
