/** How much one request may fetch in all, however many addresses it has. */
import { AppError } from '../../../contract/shared/errors.ts';

const mebibyte = 1024 * 1024;
const minute = 60_000;

export interface BudgetLimits {
  /** Bytes of all pictures together, those that fail included. */
  readonly bytes: number;
  /** Milliseconds for all of them. */
  readonly milliseconds: number;
  /** Milliseconds for one: a server that sends a byte now and then is never silent. */
  readonly millisecondsEach: number;
}

/** The budget of one request, shared by all that fetch for it at a time. */
export class FetchBudget {
  #bytes = 0;
  readonly #limits: BudgetLimits;
  readonly #all: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    const all = new AbortController();
    this.#all = all.signal;
    const minutes = Math.ceil(limits.milliseconds / minute);
    const late = (): void => all.abort(new AppError('ADDRESS_TOTAL_TOO_SLOW', { minutes }));
    this.#timer = setTimeout(late, limits.milliseconds);
  }

  /** Counts bytes that have come; with 0, checks whether any may come. @throws AppError ADDRESS_TOTAL_TOO_LARGE */
  take(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#limits.bytes || (this.#bytes === this.#limits.bytes && bytes > 0)) return;
    throw new AppError('ADDRESS_TOTAL_TOO_LARGE', { limit: Math.round(this.#limits.bytes / mebibyte) });
  }

  /**
   * Fetches one picture within its time and that of all.
   * @param work is given a signal that is also aborted when the time is over, with the AppError as its reason
   * @throws AppError ADDRESS_TOTAL_TOO_LARGE, ADDRESS_TOTAL_TOO_SLOW, and whatever the work throws
   */
  async within<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.take(0);
    this.#all.throwIfAborted();
    const one = new AbortController();
    const minutes = Math.ceil(this.#limits.millisecondsEach / minute);
    const late = (): void => one.abort(new AppError('ADDRESS_TAKES_TOO_LONG', { minutes }));
    const timer = setTimeout(late, this.#limits.millisecondsEach);
    try {
      return await work(AbortSignal.any([signal, one.signal, this.#all]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the clock. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
