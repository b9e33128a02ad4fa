/** Long computations of the main thread, done in short pieces so that requests and events are answered between them. */

/** How `runInPieces` divides its work. */
export interface PieceOptions {
  /** How long a piece may take before the next `yield` ends it, in milliseconds. */
  readonly milliseconds: number;
  /** Called after every pause. False gives the work up, for instance because its data changed; may throw. */
  readonly stillWanted: () => boolean;
}

/**
 * Runs a generator to its end. Each `yield` is a place where it may be interrupted; other work of the event loop is
 * let in once a piece has taken its time.
 * @returns what the generator returns, or null when it was given up
 */
export async function runInPieces<T>(
  work: Generator<void, T>,
  { milliseconds, stillWanted }: PieceOptions,
): Promise<T | null> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - began < milliseconds) continue;
    await new Promise(setImmediate);
    if (!stillWanted()) return null;
    began = performance.now();
  }
}

/** Runs a generator to its end without a pause. */
export function runAtOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
