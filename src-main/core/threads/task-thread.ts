/** Runs one task in a worker thread of its own, with progress and cancel. */
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { AppError, type ErrorData, throwIfCancelled } from '../../contract/shared/errors.ts';

/** Progress, cancel, and what the task asks for while it runs. */
export interface ThreadOptions {
  readonly signal?: AbortSignal | undefined;
  /** @param phase what is being done, where the task has more than one part */
  readonly onProgress?: ((done: number, total: number, phase?: string) => void) | undefined;
  /**
   * Answers a question of the task. Questions come one at a time, and between two of them everybody else has a turn: so
   * much can be sent either way in small parts.
   */
  readonly answer?: ((question: unknown) => unknown) | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** What a thread says. */
export type ThreadReply =
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly phase?: string }
  | { readonly type: 'question'; readonly question: unknown }
  | { readonly type: 'done'; readonly answer: unknown }
  | { readonly type: 'refused'; readonly error: ErrorData }
  | { readonly type: 'failed'; readonly message: string };

/**
 * The address of a worker that lies beside a file: TypeScript in a checkout, JavaScript in a package.
 * @param file `import.meta.url` of that file
 */
export function workerBeside(file: string, name: string): URL {
  return new URL(`./${name}.${file.endsWith('.ts') ? 'ts' : 'js'}`, file);
}

/** A thread was given up because it needed more memory than its limits allow. */
export class OutOfThreadMemory extends Error {}

/**
 * Gives a task to a new thread and waits for its answer; the thread ends with it.
 * @throws AppError CANCELLED, INTERNAL_BUG, and those that the task throws; OutOfThreadMemory
 */
export async function runInThread(worker: URL, task: unknown, options: ThreadOptions = {}): Promise<unknown> {
  const { signal, resourceLimits } = options;
  throwIfCancelled(signal);
  const thread = new Worker(worker, { workerData: task, ...(resourceLimits && { resourceLimits }) });
  const cancelled = Promise.withResolvers<never>();
  const abort = (): void => cancelled.reject(new AppError('CANCELLED'));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([answerOf(thread, options), cancelled.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
    await thread.terminate();
  }
}

function answerOf(thread: Worker, { onProgress, answer }: ThreadOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => reject(new AppError('INTERNAL_BUG', { detail }));
    const reply = async (question: unknown): Promise<void> => {
      const found: unknown = await answer?.(question);
      setImmediate(() => thread.postMessage(found));
    };
    thread.on('message', (message: ThreadReply) => {
      if (message.type === 'progress') onProgress?.(message.done, message.total, message.phase);
      else if (message.type === 'question') reply(message.question).catch(reject);
      else if (message.type === 'done') resolve(message.answer);
      else if (message.type === 'refused') reject(AppError.fromData(message.error));
      else fail(message.message);
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') reject(new OutOfThreadMemory(error.message));
      else fail(error.message);
    });
    thread.on('exit', () => fail('a thread ended early'));
  });
}
