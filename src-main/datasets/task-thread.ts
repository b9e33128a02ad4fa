/** Runs one task in a worker thread of its own, with progress and cancel. */
import { Worker } from 'node:worker_threads';
import { AppError, throwIfCancelled } from '../contract/errors.ts';

/** Progress and cancel. */
export interface ThreadOptions {
  readonly signal?: AbortSignal | undefined;
  /** @param phase what is being done, where the task has more than one part */
  readonly onProgress?: ((done: number, total: number, phase?: string) => void) | undefined;
}

/** What a thread says. */
export type ThreadReply =
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly phase?: string }
  | { readonly type: 'done'; readonly answer: unknown }
  | { readonly type: 'failed'; readonly message: string };

/**
 * The address of a worker that lies beside a file: TypeScript in a checkout, JavaScript in a package.
 * @param file `import.meta.url` of that file
 */
export function workerBeside(file: string, name: string): URL {
  return new URL(`./${name}.${file.endsWith('.ts') ? 'ts' : 'js'}`, file);
}

/**
 * Gives a task to a new thread and waits for its answer; the thread ends with it.
 * @throws AppError CANCELLED, INTERNAL_BUG
 */
export async function runInThread(
  worker: URL,
  task: unknown,
  { signal, onProgress }: ThreadOptions = {},
): Promise<unknown> {
  throwIfCancelled(signal);
  const thread = new Worker(worker, { workerData: task });
  const cancelled = Promise.withResolvers<never>();
  const abort = (): void => cancelled.reject(new AppError('CANCELLED'));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([answerOf(thread, onProgress), cancelled.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
    await thread.terminate();
  }
}

function answerOf(thread: Worker, onProgress: ThreadOptions['onProgress']): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => reject(new AppError('INTERNAL_BUG', { detail }));
    thread.on('message', (reply: ThreadReply) => {
      if (reply.type === 'progress') onProgress?.(reply.done, reply.total, reply.phase);
      else if (reply.type === 'done') resolve(reply.answer);
      else fail(reply.message);
    });
    thread.on('error', (error: Error) => fail(error.message));
    thread.on('exit', () => fail('a thread ended early'));
  });
}
