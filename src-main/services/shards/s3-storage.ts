/** Storage that speaks S3, by the environment variables that all its programs know. */
import { openAsBlob, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { S3ServiceError, S3mini } from 's3mini';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
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
    bucket === undefined
      ? 'it names no bucket'
      : prefix === ''
        ? null
        : whyOutside(prefix, 'posix');
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
  return {
    put: (name, path, signal) =>
      attempt(async () => {
        await client.putAnyObject(keyOf(name), await openAsBlob(path));
      }, signal),
    async list(signal) {
      const found = await attempt(
        () => client.listObjects('/', prefix === '' ? '' : `${prefix}/`),
        signal,
      );
      return (found ?? []).flatMap(({ Key }) => {
        const name = prefix === '' ? Key : Key.slice(prefix.length + 1);
        const reason = name === '' ? null : whyOutside(name, 'posix');
        if (reason !== null) throw new AppError('PATH_OUTSIDE', { path: Key, folder: address, reason });
        return name === '' || name.endsWith('/') ? [] : name;
      });
    },
    fetch: (name, path, signal) =>
      attempt(async () => {
        const response = await client.getObjectResponse(keyOf(name));
        if (response?.body == null) throw new AppError('SHARD_RESULTS_MISSING', { path: `${address}/${name}` });
        await pipeline(Readable.fromWeb(response.body as never), createWriteStream(path), { signal });
      }, signal),
  };
}

function connect(address: string, bucket: string, environment: NodeJS.ProcessEnv): S3mini {
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION, AWS_DEFAULT_REGION } = environment;
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
  const status = error instanceof S3ServiceError ? error.status : null;
  const reason =
    error instanceof S3ServiceError
      ? `${error.serviceCode ?? 'error'}, ${error.status}`
      : error instanceof Error
        ? error.message
        : String(error);
  const denied = status === 401 || status === 403;
  const code = denied ? 'SHARD_STORAGE_DENIED' : 'SHARD_STORAGE_FAILED';
  const again = status === null || status === 429 || status >= 500;
  return { again, error: new AppError(code, { address, reason }, { cause: error }) };
}
