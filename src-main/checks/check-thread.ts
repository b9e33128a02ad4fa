/** Runs a task of `check-tasks.ts` in a thread of its own. */
import { Worker } from 'node:worker_threads';
import { AppError, throwIfCancelled } from '../contract/errors.ts';
import type { CheckAnswers, CheckReply, CheckTask } from './check-tasks.ts';

/** Progress and cancel. */
export interface TaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Does a task; the thread ends with it.
 * @throws AppError CANCELLED, INTERNAL_BUG
 */
export async function runTask<Task extends CheckTask>(
  task: Task,
  { signal, onProgress }: TaskOptions = {},
): Promise<CheckAnswers[Task['kind']]> {
  throwIfCancelled(signal);
  const thread = startThread(task);
  const cancelled = Promise.withResolvers<never>();
  const abort = (): void => cancelled.reject(new AppError('CANCELLED'));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return (await Promise.race([
      answerOf(thread, onProgress),
      cancelled.promise,
    ])) as CheckAnswers[Task['kind']];
  } finally {
    signal?.removeEventListener('abort', abort);
    await thread.terminate();
  }
}

/** The worker lies beside this file: as TypeScript in a checkout, as `check-worker.js` in a package. */
function startThread(task: CheckTask): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./check-worker.${extension}`, import.meta.url), { workerData: task });
}

function answerOf(thread: Worker, onProgress: TaskOptions['onProgress']): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => reject(new AppError('INTERNAL_BUG', { detail }));
    thread.on('message', (reply: CheckReply) => {
      if (reply.type === 'progress') onProgress?.(reply.done, reply.total);
      else if (reply.type === 'done') resolve(reply.answer);
      else fail(reply.message);
    });
    thread.on('error', (error: Error) => fail(error.message));
    thread.on('exit', () => fail('a checking thread ended early'));
  });
}
