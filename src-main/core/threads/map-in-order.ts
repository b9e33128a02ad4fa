import { availableParallelism } from 'node:os';
import { throwIfCancelled } from '../../contract/shared/errors.ts';

/** How many images are worked on at a time: enough to keep all cores busy while some are read and passed on. */
export const parallelDecodes = Math.min(16, 4 * Math.max(2, availableParallelism()));

/**
 * Works on several items at a time and yields the results in the order of the items, so that what is made of them
 * does not depend on which was ready first. Holds at most twice `parallel` results. The first failure, or the signal,
 * ends it after what is under way has come to rest.
 * @throws AppError CANCELLED
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  parallel: number,
  work: (item: Item) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void> {
  const source = asyncIterator(items);
  const window: Promise<Result>[] = [];
  const running = new Set<Promise<unknown>>();
  let ended = false;
  try {
    for (;;) {
      while (!ended && window.length < 2 * parallel) {
        throwIfCancelled(signal);
        while (running.size >= parallel) await Promise.race(running);
        const next = await source.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        const result = work(next.value);
        window.push(result);
        const settled = result.then(
          () => undefined,
          () => undefined,
        );
        running.add(settled);
        void settled.then(() => running.delete(settled));
      }
      const first = window.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(window);
    await source.return?.();
  }
}

function asyncIterator<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncIterator<Item> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
  const iterator = items[Symbol.iterator]();
  return { next: async () => iterator.next() };
}
