/** Counts seconds; can be stopped and started again. Running from the beginning. */
export class Stopwatch {
  #before: number;
  #since: number | null = performance.now();

  /** @param before seconds already counted */
  constructor(before = 0) {
    this.#before = before;
  }

  get seconds(): number {
    return this.#before + (this.#since === null ? 0 : (performance.now() - this.#since) / 1000);
  }

  stop(): void {
    this.#before = this.seconds;
    this.#since = null;
  }

  start(): void {
    this.#since ??= performance.now();
  }

  /** Back to zero; continues if it was running. */
  reset(): void {
    this.#before = 0;
    if (this.#since !== null) this.#since = performance.now();
  }
}
