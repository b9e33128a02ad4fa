/**
 * libvips keeps its error messages in one place for all threads, and whatever ends clears them: what fails beside
 * other work may get the words of another failure, or none. That a decoding failed is certain, why is not; so a failed
 * one is repeated while nothing else runs.
 */
export interface DecodeGate {
  /** Runs work beside other such work. */
  together<T>(work: () => Promise<T>): Promise<T>;
  /** Runs work while no other runs: waits for what is running, and holds back what comes. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** The gate of all image work of this process. */
export const imageWork = createDecodeGate();

/** Makes a gate. */
export function createDecodeGate(): DecodeGate {
  const running = new Set<Promise<unknown>>();
  let closed: Promise<unknown> = Promise.resolve();
  return {
    async together(work) {
      for (let seen = null as Promise<unknown> | null; seen !== closed;) await (seen = closed);
      const result = work();
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
      }
    },
    alone(work) {
      const result = closed.then(() => Promise.allSettled(running)).then(work);
      closed = result.catch(() => undefined);
      return result;
    },
  };
}
