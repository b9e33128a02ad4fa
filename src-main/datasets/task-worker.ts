/** The worker's side of `task-thread.ts`: to be used in the entry point of a thread. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadReply } from './task-thread.ts';

function tell(reply: ThreadReply): void {
  parentPort?.postMessage(reply);
}

/** Tells how far the task is. @param phase what is being done, where the task has more than one part */
export function tellProgress(done: number, total: number, phase?: string): void {
  tell({ type: 'progress', done, total, ...(phase === undefined ? {} : { phase }) });
}

/** Does the task that the thread was started with, and tells its answer or why there is none. */
export async function answerTask<Task>(work: (task: Task) => unknown): Promise<void> {
  try {
    tell({ type: 'done', answer: await work(workerData as Task) });
  } catch (error) {
    tell({
      type: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
