/** Runs a task of `check-tasks.ts` in a thread of its own. */
import { type ThreadOptions, runInThread, workerBeside } from '../../core/threads/task-thread.ts';
import type { CheckAnswers, CheckTask } from './check-tasks.ts';

const worker = workerBeside(import.meta.url, 'check-worker');

/**
 * Does a task; the thread ends with it.
 * @throws AppError CANCELLED, INTERNAL_BUG
 */
export async function runTask<Task extends CheckTask>(
  task: Task,
  options: ThreadOptions = {},
): Promise<CheckAnswers[Task['kind']]> {
  return (await runInThread(worker, task, options)) as CheckAnswers[Task['kind']];
}
