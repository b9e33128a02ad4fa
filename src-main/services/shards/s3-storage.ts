/** Storage that speaks S3, by the environment variables that all its programs know. */
import { openAsBlob } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { S3ServiceError, S3mini } from 's3mini';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { whyOutside } from '../../core/text/untrusted-path.ts';

/** An address `s3://bucket/prefix`, taken apart. */
export interface StorageAddress {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
}

/** Whether a word is an address of such storage rather than a path. */
export function isStorageAddress(word: string): boolean {
  return /^s3:\/\//i.test(word);
}

/** Takes an address apart. @throws AppError SHARD_STORAGE_INVALID */
export function parseStorageAddress(address: string): StorageAddress {
  const [, bucket, rest = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/i.exec(address) ?? [];
  const prefix = rest.replace(/^\/+|\/+$/g, '');
  const reason =
    bucket === undefined ? 'it names no bucket' : prefix === '' ? null : whyOutside(prefix, 'posix');
  if (bucket === undefined || reason !== null)
    throw new AppError('SHARD_STORAGE_INVALID', { address, reason });
  return { bucket, prefix };
}

/** Objects below an address. */
export interface ObjectStorage {
  /** Writes a file as an object; large ones in parts. @param name below the address */
  put(name: string, path: string, signal: AbortSignal): Promise<void>;
  /** Names of the objects, relative to the address. @throws AppError PATH_OUTSIDE for one that is not a path in it */
  list(signal: AbortSignal): Promise<string[]>;
  /** Copies an object into a file. */
  fetch(name: string, path: string, signal: AbortSignal): Promise<void>;
}

/** Milliseconds before another attempt; as many as there are further attempts. */
const pauses = [500, 2000, 5000];
const longest = 10 * 60_000;
/** Larger files go in parts of this size. */
const partBytes = 8 * 2 ** 20;

/**
 * Opens storage.
 * @param environment where the access key and the endpoint are
 * @throws AppError SHARD_STORAGE_INVALID
 */
export function openStorage(
  address: string,
  environment: NodeJS.ProcessEnv = process.env,
  delays: readonly number[] = pauses,
): ObjectStorage {
  const { bucket, prefix } = parseStorageAddress(address);
  const client = connect(address, bucket, environment);
  const keyOf = (name: string): string => (prefix === '' ? name : `${prefix}/${name}`);
  const attempt = <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
    withAttempts(address, work, signal, delays);
  const sizeOf = async (name: string): Promise<number> => {
    try {
      return await client.getContentLength(keyOf(name));
    } catch (error) {
      if (answerIn(error)?.status === 404)
        throw new AppError('SHARD_RESULTS_MISSING', { path: `${address}/${name}` }, { cause: error });
      throw error;
    }
  };
  return {
    put: (name, path, signal) =>
      attempt(async () => {
        const { size } = await stat(path);
        await client.putAnyObject(keyOf(name), await openAsBlob(path));
        const stored = await client.getContentLength(keyOf(name));
        if (stored !== size) throw new Error(`${stored} of ${size} bytes of ${name} arrived`);
      }, signal),
    async list(signal) {
      const found = await attempt(() => client.listObjects('/', prefix === '' ? '' : `${prefix}/`), signal);
      return (found ?? []).flatMap(({ Key }) => {
        const name = prefix === '' ? Key : Key.slice(prefix.length + 1);
        // What consoles make to show a folder.
        if (name === '' || name.endsWith('/')) return [];
        const reason = whyOutside(name, 'posix');
        if (reason !== null) throw new AppError('PATH_OUTSIDE', { path: Key, folder: address, reason });
        return name;
      });
    },
    async fetch(name, path, signal) {
      const size = await attempt(() => sizeOf(name), signal);
      const file = await open(path, 'wx');
      try {
        // In parts that are read at once: a stream that has to wait may break when the server closes it meanwhile.
        for (let at = 0; at < size; at += partBytes) {
          const part = await attempt(async () => {
            const end = Math.min(size, at + partBytes);
            const bytes = await (await client.getObjectRaw(keyOf(name), false, at, end)).arrayBuffer();
            if (bytes.byteLength !== end - at)
              throw new Error(`${name} ended at ${at + bytes.byteLength} bytes`);
            return bytes;
          }, signal);
          await file.write(new Uint8Array(part));
        }
      } catch (error) {
        throw fromWriteError(error, path);
      } finally {
        await file.close();
      }
    },
  };
}

function connect(address: string, bucket: string, environment: NodeJS.ProcessEnv): S3mini {
  const {
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION,
    AWS_DEFAULT_REGION,
  } = environment;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1';
  const own = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  if (!key || !secret)
    throw new AppError('SHARD_STORAGE_INVALID', { address, reason: 'there is no access key' });
  const endpoint = own
    ? `${own.replace(/\/+$/, '')}/${bucket}`
    : `https://s3.${region}.amazonaws.com/${bucket}`;
  try {
    return new S3mini({
      accessKeyId: key,
      secretAccessKey: secret,
      endpoint,
      region,
      requestAbortTimeout: longest,
      minPartSize: partBytes,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('SHARD_STORAGE_INVALID', { address, reason }, { cause: error });
  }
}

/** Tries again what a busy server or a broken connection spoilt. */
async function withAttempts<T>(
  address: string,
  work: () => Promise<T>,
  signal: AbortSignal,
  delays: readonly number[],
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    throwIfCancelled(signal);
    try {
      return await work();
    } catch (error) {
      throwIfCancelled(signal);
      if (error instanceof AppError) throw error;
      const failure = failureOf(address, error);
      if (!failure.again || attempt >= delays.length) throw failure.error;
      await wait(delays[attempt], undefined, { signal }).catch(() => undefined);
    }
  }
}

function failureOf(address: string, error: unknown): { again: boolean; error: AppError } {
  const answer = answerIn(error);
  const status = answer?.status ?? null;
  const said = error instanceof Error ? error.message : String(error);
  const reason = answer === null ? said : `${answer.serviceCode ?? 'error'}, ${answer.status}`;
  const denied = status === 401 || status === 403;
  const code = denied ? 'SHARD_STORAGE_DENIED' : 'SHARD_STORAGE_FAILED';
  const again = status === null || status === 429 || status >= 500;
  return { again, error: new AppError(code, { address, reason }, { cause: error }) };
}

/** What the storage itself answered; the client wraps it in some places. */
function answerIn(error: unknown): S3ServiceError | null {
  const { cause } = error as { cause?: unknown };
  return error instanceof S3ServiceError ? error : cause instanceof S3ServiceError ? cause : null;
}
