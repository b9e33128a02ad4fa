/** Turns a function that tells things through a callback into an async iterator. */

/**
 * Runs `work` and yields what it tells, in order; ends or throws as `work` does. When the consumer stops early or
 * `signal` is aborted, the signal given to `work` is aborted and `work` is waited for, so that nothing goes on unseen.
 */
export async function* streamEvents<T>(
  work: (tell: (item: T) => void, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): AsyncGenerator<T, void> {
  const waiting: T[] = [];
  const stopping = new AbortController();
  const onAbort = (): void => stopping.abort();
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  let wake: () => void = () => undefined;
  let ended = false;
  const tell = (item: T): void => {
    waiting.push(item);
    wake();
  };
  const working = work(tell, stopping.signal).finally(() => {
    ended = true;
    wake();
  });
  // Its failure is thrown below; this only keeps it from being called unhandled meanwhile.
  working.catch(() => undefined);
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stopping.abort();
    signal?.removeEventListener('abort', onAbort);
    await working.catch(() => undefined);
  }
  await working;
}
