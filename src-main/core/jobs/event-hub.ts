/**
 * Pushes states to any number of listeners. Every event carries the whole state of its thing, so a slow listener
 * is given only the newest state of each (by key) and never a growing backlog.
 */
export class EventHub<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #keyOf: (event: Event) => string;

  /** @param keyOf events with equal keys replace each other while a listener is busy */
  constructor(keyOf: (event: Event) => string) {
    this.#keyOf = keyOf;
  }

  /** Tells every listener, at once. */
  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` for every event from now on; returns how to stop. */
  on(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events from now on as an async iterator, which ends when the signal is aborted. */
  async *stream(signal?: AbortSignal): AsyncGenerator<Event, void> {
    const waiting = new Map<string, Event>();
    let wake: () => void = () => undefined;
    const stop = this.on((event) => {
      const key = this.#keyOf(event);
      waiting.delete(key);
      waiting.set(key, event);
      wake();
    });
    const onAbort = (): void => wake();
    signal?.addEventListener('abort', onAbort);
    try {
      while (!signal?.aborted) {
        for (const [key, event] of waiting) {
          waiting.delete(key);
          yield event;
        }
        if (waiting.size === 0 && !signal?.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      stop();
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
