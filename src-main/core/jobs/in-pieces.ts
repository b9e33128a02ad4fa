/** Long computations of the main thread, done in short pieces so that requests and events are answered between them. */

/** A long computation of a `T`. Each `yield` is a place where it may be interrupted. */
export type Work<T> = Generator<void, T, void>;

/** How `runInPieces` divides its work. */
export interface PieceOptions {
  /** How long a piece may take before the next `yield` ends it, in milliseconds. */
  readonly milliseconds: number;
  /** Called after every pause. False gives the work up, for instance because its data changed; may throw. */
  readonly stillWanted: () => boolean;
  /** Lets others have their turn; that is the event loop's other work when left out. May throw. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/**
 * Does work to its end; others are let in once a piece has taken its time.
 * @returns what was computed, or null when it was given up
 */
export async function runInPieces<T>(
  work: Work<T>,
  { milliseconds, stillWanted, pause = () => new Promise(setImmediate) }: PieceOptions,
): Promise<T | null> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - began < milliseconds) continue;
    await pause();
    if (!stillWanted()) return null;
    began = performance.now();
  }
}

/** Does work to its end without a pause. */
export function runAtOnce<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
