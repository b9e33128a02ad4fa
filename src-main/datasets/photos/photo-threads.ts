/**
 * The threads that photos are read and decoded in: as many as there are cores, gone again when they have nothing to
 * do. The main thread only says which, so that it answers while thousands are imported.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { AppError } from '../../contract/shared/errors.ts';
import { asCorrupt } from './formats/decode-failure.ts';
import { imageWork } from './decode-gate.ts';
import type { DecodePass } from './decode.ts';
import { oneAtATime } from '../../core/jobs/one-at-a-time.ts';
import { type StageLimits, startClock, watchClock } from './photo-clock.ts';
import type { Photo, PhotoResults, PhotoTask } from './photo-tasks.ts';
import type { PhotoReply, PhotoRequest } from './photo-worker.ts';
import { workerBeside } from '../../core/threads/task-thread.ts';

/** A thread holds tens of megabytes, and WebAssembly memory never shrinks; to start one takes a fifth of a second. */
const idleMilliseconds = 15_000;
/**
 * Milliseconds. Longer than any honest picture takes to decode: a crafted one must not hang an import. The largest file
 * comes over a slow network in less than the other.
 */
const longest: StageLimits = { decoding: 120_000, reading: 600_000 };
/** More would only hold memory: reading and writing do not keep up. */
const maxThreads = 8;
/** While libvips decodes one in a thread of its own, the next ones are read and resized. */
const photosAThread = 4;

let threads: Piscina<PhotoRequest, PhotoReply> | null = null;
const withRoom = oneAtATime();

/**
 * Has a photo decoded and something made of it.
 * @param photo its path, or the bytes; these are copied, not taken
 * @throws AppError IMAGE_MISSING, IMAGE_UNREADABLE, IMAGE_FILE_TOO_LARGE (of paths), IMAGE_EMPTY, IMAGE_NOT_AN_IMAGE, IMAGE_FORMAT_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL,
 *   IMAGE_TRUNCATED, IMAGE_CORRUPT
 */
export async function inPhotoThread<Task extends PhotoTask>(
  photo: Photo,
  task: Task,
): Promise<PhotoResults[Task['make']]> {
  const ask = (pass: DecodePass) =>
    run({ photo: typeof photo === 'string' ? photo : whole(photo), task, pass });
  let reply = await imageWork.together(() => ask({ forgiving: false, largeAllowed: false }));
  if ('again' in reply && reply.again === 'with-room') {
    reply = await withRoom(() => imageWork.together(() => ask({ forgiving: false, largeAllowed: true })));
  }
  if ('again' in reply) reply = await imageWork.alone(() => ask({ forgiving: true, largeAllowed: true }));
  if ('result' in reply) return reply.result as PhotoResults[Task['make']];
  // The last pass asks for none after it.
  throw 'refused' in reply
    ? AppError.fromData(reply.refused)
    : new AppError('INTERNAL_BUG', { detail: reply.again });
}

/** A photo whose thread ended is tried once more, by itself: memory may have been short. */
async function run(request: Omit<PhotoRequest, 'clock'>): Promise<PhotoReply> {
  threads ??= startThreads();
  const clock = startClock();
  const watch = watchClock(clock, longest);
  try {
    return await threads.run({ ...request, clock }, { signal: watch.signal });
  } catch (error) {
    // Tried again, it would only take as long once more.
    if (watch.overdue === 'reading') {
      const reason = `the drive did not answer for ${longest.reading / 60_000} minutes`;
      return { refused: new AppError('IMAGE_UNREADABLE', { reason }).toData() };
    }
    if (!request.pass.forgiving) return { again: 'alone' };
    return { refused: asCorrupt(watch.overdue === null ? error : 'decoding took too long').toData() };
  } finally {
    watch.stop();
  }
}

function startThreads(): Piscina<PhotoRequest, PhotoReply> {
  const pool = new Piscina<PhotoRequest, PhotoReply>({
    filename: workerBeside(import.meta.url, 'photo-worker').href,
    minThreads: 0,
    maxThreads: Math.min(maxThreads, Math.max(2, availableParallelism())),
    atomics: 'disabled',
    concurrentTasksPerWorker: photosAThread,
    idleTimeout: idleMilliseconds,
    recordTiming: false,
  });
  // A thread that ends while it has nothing to do: no photo waits for it, and the next one gets a new thread. Nobody
  // listening would end this process.
  pool.on('error', () => undefined);
  return pool;
}

/** Sent to a thread, a part of a larger buffer would take all of it along. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
