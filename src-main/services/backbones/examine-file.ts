/** Looks into model files in a thread with limits of time and memory: they come from strangers. */
import { Piscina } from 'piscina';
import { AppError } from '../../contract/shared/errors.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import { workerBeside } from '../../core/threads/task-thread.ts';
import { type RecognisedFile, fromPlain } from './recognised-file.ts';
import type { RecognitionReply } from './recognition-worker.ts';

/** Files are looked at one after the other, mostly many in a row. */
const idleMilliseconds = 5000;
/**
 * Milliseconds of computing, the start of the thread included. The largest networks in use take a tenth of a second. On a
 * machine that is busy with something else a thread hardly gets to compute: it has longer then.
 */
const maxTime = 10_000;
const maxTimeOfBusy = 60_000;
const checkedEvery = 500;
/** Of JavaScript's memory. The largest description that is read takes a third of it. */
const maxMegabytes = 768;

let thread: Piscina<string, RecognitionReply> | null = null;
const inTurn = oneAtATime();

/** Files for which the limits were too small are examined again after a restart: the machine may have been busy. */
export class RecognitionStopped extends AppError {}

/**
 * What a model file holds.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN,
 *   MODEL_GRAPH_ONLY, FILE_UNREADABLE
 */
export function examineFile(path: string): Promise<RecognisedFile> {
  return inTurn(async () => {
    const reply = await ask(path);
    if ('found' in reply) return fromPlain(reply.found);
    if (reply.spent) await endThread();
    throw AppError.fromData(reply.refused);
  });
}

async function ask(path: string): Promise<RecognitionReply> {
  thread ??= startThread();
  const clock = new AbortController();
  const stopWatching = watchTime(() => clock.abort());
  try {
    return await thread.run(path, { signal: clock.signal });
  } catch (error) {
    const limit = clock.signal.aborted ? `${maxTime / 1000} seconds` : `${maxMegabytes} MB of memory`;
    const reason = `it is too complex: looking into it took more than ${limit}`;
    throw new RecognitionStopped('MODEL_FILE_INVALID', { path, reason }, { cause: error });
  } finally {
    stopWatching();
  }
}

/** Calls when the time is over. The process's computing stands for the thread's, which cannot be asked while it computes. */
function watchTime(onSpent: () => void): () => void {
  const begun = performance.now();
  const before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    const waited = performance.now() - begun;
    const computed = (user + system) / 1000;
    if (Math.min(waited, computed) >= maxTime || waited >= maxTimeOfBusy) onSpent();
  }, checkedEvery);
  return () => clearInterval(timer);
}

async function endThread(): Promise<void> {
  const ended = thread;
  thread = null;
  await ended?.destroy();
}

function startThread(): Piscina<string, RecognitionReply> {
  const pool = new Piscina<string, RecognitionReply>({
    filename: workerBeside(import.meta.url, 'recognition-worker').href,
    minThreads: 0,
    maxThreads: 1,
    atomics: 'disabled',
    idleTimeout: idleMilliseconds,
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
  });
  // A thread that ends while it has nothing to do: no request waits for it.
  pool.on('error', () => undefined);
  return pool;
}
