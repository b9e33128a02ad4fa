/** Work that streams its progress and can be cancelled: one at a time, the newest wins. */
import { ref, shallowRef } from 'vue';
import type { ErrorData } from '../../../src-main/contract/app/index.ts';
import { useLatest } from './latest.ts';

/** How far it is. */
export interface TaskProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

interface Progressing extends TaskProgress {
  readonly type: 'progress';
}

/**
 * Follows streams of progress and results.
 * @param toFailure what a thrown value is to the user; null for cancelled work
 */
export function useLongTask(toFailure: (thrown: unknown) => ErrorData | null) {
  const working = ref(false);
  const progress = shallowRef<TaskProgress | null>(null);
  const failure = shallowRef<ErrorData | null>(null);
  const tasks = useLatest();

  function cancel(): void {
    tasks.cancel();
    working.value = false;
    progress.value = null;
  }

  /**
   * Starts work; what is still running is cancelled.
   * @param take is given everything but the progress
   * @returns true when it came to its end; false: it failed, was cancelled, or something newer was started
   */
  async function run<Event extends { readonly type: string }>(
    start: (signal: AbortSignal) => Promise<AsyncIterable<Event | Progressing>>,
    take: (event: Event) => void,
  ): Promise<boolean> {
    cancel();
    const signal = tasks.begin();
    working.value = true;
    failure.value = null;
    try {
      for await (const event of await start(signal)) {
        if (signal.aborted) return false;
        if (event.type === 'progress') progress.value = event as Progressing;
        else take(event as Event);
      }
      return !signal.aborted;
    } catch (thrown) {
      if (!signal.aborted) failure.value = toFailure(thrown);
      return false;
    } finally {
      if (!signal.aborted) cancel();
    }
  }

  return { working, progress, failure, run, cancel };
}
