/** Runs one job to its end: sent, followed, stopped when nobody wants it any more. */
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { JobLogReader } from './job-log.ts';
import { type JobResources, entrypoint } from './job-packages.ts';
import type { JobStatus, RayClient, RuntimeEnvironment } from './ray-client.ts';

/** A job, and where its results go. */
export interface RayJob {
  readonly environment: RuntimeEnvironment;
  readonly resources: JobResources;
  /** For people, in Ray's dashboard. */
  readonly name: string;
  /** The file that gets its results. */
  readonly into: string;
  /** How many results are wanted. */
  readonly photos: number;
}

/** Milliseconds between two questions. */
const pause = 500;
/** So many questions in a row may stay without an answer: a network that hiccups is not a failure. */
const silences = 20;

/**
 * Runs a job, and writes the results in its log into a file.
 * @throws AppError CLUSTER_JOB_FAILED, CLUSTER_PACKAGES_MISSING, CLUSTER_UNREACHABLE, CANCELLED; the job is stopped then
 */
export async function runJob(
  client: RayClient,
  job: RayJob,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  throwIfCancelled(signal);
  const id = await client.submit(entrypoint(job.resources), job.environment, job.name);
  const following = new AbortController();
  const followed = followLog(client, id, onProgress, following.signal);
  let status: JobStatus | null = null;
  try {
    const ended = await untilEnded(client, id, signal);
    status = ended.status;
    following.abort();
    // What the tail had not sent yet, or lost with a connection, is in the whole log.
    let whole = await followed;
    if (whole.results.length < job.photos) {
      whole = new Collected(onProgress);
      whole.take(`${await client.logs(id)}\n`);
    }
    await write(job.into, whole.results);
    if (status !== 'SUCCEEDED') throw failure(client, id, ended, whole);
  } finally {
    following.abort();
    if (status === null) await client.stop(id).catch(() => undefined);
  }
}

async function untilEnded(
  client: RayClient,
  id: string,
  signal: AbortSignal,
): Promise<{ status: JobStatus; message: string }> {
  for (let silent = 0; ;) {
    throwIfCancelled(signal);
    try {
      const found = await client.job(id);
      if (found.status !== 'PENDING' && found.status !== 'RUNNING') return found;
      silent = 0;
    } catch (error) {
      if (AppError.from(error).code !== 'CLUSTER_UNREACHABLE' || ++silent >= silences) throw error;
    }
    await wait(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Reads the log, from its beginning each time that the connection ends. @returns what the last one had brought */
async function followLog(
  client: RayClient,
  id: string,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Collected> {
  let furthest = 0;
  const onFurther = (done: number): void => {
    if (done > furthest) onProgress((furthest = done));
  };
  for (;;) {
    const live = new Collected(onFurther);
    await client.follow(id, (text) => live.take(text), signal);
    if (signal.aborted) return live;
    await wait(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** What a log held. */
class Collected {
  readonly results: string[] = [];
  golden: { difference: number; allowed: number } | null = null;
  missing: readonly string[] = [];
  readonly #reader: JobLogReader;

  constructor(onProgress: (done: number) => void) {
    this.#reader = new JobLogReader({
      onResult: (line) => void this.results.push(line),
      onProgress,
      onGolden: (difference, allowed) => (this.golden = { difference, allowed }),
      onMissing: (packages) => (this.missing = packages),
    });
  }

  take(text: string): void {
    this.#reader.take(text);
  }
}

function failure(
  { address }: RayClient,
  job: string,
  { status, message }: { status: JobStatus; message: string },
  { golden, missing }: Collected,
): AppError {
  if (missing.length > 0)
    return new AppError('CLUSTER_PACKAGES_MISSING', { address, packages: missing.join(', ') });
  if (golden !== null && !(golden.difference <= golden.allowed)) {
    const { difference, allowed: tolerance } = golden;
    return new AppError('SHARD_RESULTS_DISAGREE', { difference, tolerance, path: 'golden/' });
  }
  const reason = status === 'STOPPED' ? 'it was stopped' : (message.trim().split('\n').at(-1) ?? status);
  return new AppError('CLUSTER_JOB_FAILED', { job, address, reason });
}

async function write(path: string, lines: readonly string[]): Promise<void> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'w');
    for (const line of lines) await file.write(`${line}\n`);
  } catch (error) {
    throw fromWriteError(error, path);
  } finally {
    await file?.close();
  }
}
