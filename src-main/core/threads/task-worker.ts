/** The worker's side of `task-thread.ts`: to be used in the entry point of a thread. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../contract/shared/errors.ts';
import type { ThreadReply } from './task-thread.ts';

function tell(reply: ThreadReply): void {
  parentPort?.postMessage(reply);
}

/** Tells how far the task is. @param phase what is being done, where the task has more than one part */
export function tellProgress(done: number, total: number, phase?: string): void {
  tell({ type: 'progress', done, total, ...(phase === undefined ? {} : { phase }) });
}

/** Asks the thread that started this one, and waits for the answer. One question at a time. */
export async function ask(question: unknown): Promise<unknown> {
  if (parentPort === null) return undefined;
  const answered = once(parentPort, 'message');
  tell({ type: 'question', question });
  return ((await answered) as unknown[])[0];
}

/** Does the task that the thread was started with, and tells its answer or why there is none. */
export async function answerTask<Task>(work: (task: Task) => unknown): Promise<void> {
  try {
    tell({ type: 'done', answer: await work(workerData as Task) });
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'bug') tell({ type: 'refused', error: error.toData() });
    else {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tell({ type: 'failed', message });
    }
  }
}
