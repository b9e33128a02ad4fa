/** Milliseconds between two events about one thing: five a second are as many as one can follow. */
const eventInterval = 200;

/** Lets through at most once per interval what happens far more often, such as progress. */
export class Throttle {
  readonly #interval: number;
  #last = -Infinity;

  /** @param interval milliseconds; by default those between two events */
  constructor(interval = eventInterval) {
    this.#interval = interval;
  }

  /** True when the interval is over; the next one begins then. @param always true: it is let through at any time */
  isDue(always = false): boolean {
    const now = performance.now();
    if (!always && now - this.#last < this.#interval) return false;
    this.#last = now;
    return true;
  }
}
