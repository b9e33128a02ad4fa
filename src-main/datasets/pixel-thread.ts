/** Runs `pixel-worker.ts` on demand: one thread, gone again when it has nothing to do. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { RgbPixels } from './bmp.ts';
import type { PixelReply, PixelRequest } from './pixel-worker.ts';

/** WebAssembly memory never shrinks, so an idle thread is ended. */
const idleMilliseconds = 5_000;
/** Longer than any honest picture takes; a crafted one must not hang an import. */
const longestMilliseconds = 120_000;

interface Waiting {
  readonly resolve: (pixels: RgbPixels) => void;
  readonly reject: (error: AppError) => void;
}

let worker: Worker | null = null;
let idle: NodeJS.Timeout | undefined;
let nextId = 1;
let queue: Promise<unknown> = Promise.resolve();
const waiting = new Map<number, Waiting>();

/**
 * Decodes a BMP or HEIC picture off the main thread, one at a time.
 * @returns upright pixels at full size
 * @throws AppError IMAGE_CORRUPT, IMAGE_TRUNCATED, IMAGE_FORMAT_UNSUPPORTED
 */
export function decodeInThread(format: PixelRequest['format'], bytes: Uint8Array): Promise<RgbPixels> {
  const result = queue.then(() => decodeNow(format, bytes));
  queue = result.catch(() => undefined);
  return result;
}

async function decodeNow(format: PixelRequest['format'], bytes: Uint8Array): Promise<RgbPixels> {
  clearTimeout(idle);
  const thread = (worker ??= startWorker());
  const id = nextId++;
  const timeout = setTimeout(() => stop('decoding took too long'), longestMilliseconds);
  try {
    return await new Promise<RgbPixels>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      thread.ref();
      thread.postMessage({ id, format, bytes } satisfies PixelRequest);
    });
  } catch (error) {
    // libheif may be left in no fit state for the next picture.
    stop('restarted');
    throw error;
  } finally {
    clearTimeout(timeout);
    worker?.unref();
    idle = setTimeout(() => stop('idle'), idleMilliseconds).unref();
  }
}

/** The worker lies beside this file: as TypeScript in a checkout, as `pixel-worker.js` in a package. */
function startWorker(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const thread = new Worker(new URL(`./pixel-worker.${extension}`, import.meta.url));
  thread.on('message', (reply: PixelReply) => {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('pixels' in reply) caller?.resolve(reply.pixels);
    else caller?.reject(AppError.fromData(reply.error));
  });
  // WebAssembly that runs out of memory takes the thread with it; the next picture gets a new one.
  thread.on('error', (error: Error) => {
    if (worker === thread) stop(error.message);
  });
  return thread;
}

function stop(reason: string): void {
  const ending = worker;
  worker = null;
  void ending?.terminate();
  for (const caller of waiting.values()) caller.reject(new AppError('IMAGE_CORRUPT', { reason }));
  waiting.clear();
}
