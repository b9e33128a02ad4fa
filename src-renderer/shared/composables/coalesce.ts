/** Work that many small changes ask for: at most once at a time, and once more when something changed meanwhile. */

/** Makes a request for `work`. Its failures are passed over: what failed is asked for again by the next change. */
export function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work().catch(() => undefined);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
