/** Makes a map in a thread of its own. */
import { type ThreadOptions, runInThread, workerBeside } from '../../core/threads/task-thread.ts';
import type { MapAnswer, MapTask } from './map-task.ts';

const worker = workerBeside(import.meta.url, 'map-worker');

/**
 * Lays photos out; cancelling ends the thread at once.
 * @throws AppError CANCELLED, INTERNAL_BUG
 */
export async function makeMap(task: MapTask, options: ThreadOptions = {}): Promise<MapAnswer> {
  return (await runInThread(worker, task, options)) as MapAnswer;
}
