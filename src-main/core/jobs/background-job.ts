/** Work in the background, of which one runs at a time. */
import { AppError, type ErrorCode } from '../../contract/shared/errors.ts';

/** One piece of work. */
interface Running<Result> {
  readonly controller: AbortController;
  readonly finished: Promise<Result>;
}

/**
 * Work of one kind: it can be cancelled and waited for, and its last state can be read, also after its end.
 * The work itself never rejects: what fails is in its state.
 */
export class BackgroundJob<State, Result = State> {
  readonly #busy: ErrorCode;
  readonly #publish: (state: State) => void;
  #running: Running<Result> | null = null;
  #state: State | null = null;

  /**
   * @param busy the error of a start while it runs; by default that is a mistake of the caller
   * @param publish called with every state
   */
  constructor(busy: ErrorCode = 'INTERNAL_BUG', publish: (state: State) => void = () => undefined) {
    this.#busy = busy;
    this.#publish = publish;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** The last state of the present work, or of the last one; null before the first. */
  get state(): State | null {
    return this.#state;
  }

  /** @throws AppError the code of this job, while it runs */
  requireIdle(): void {
    if (this.#running !== null)
      throw new AppError(this.#busy, { detail: 'work of which one runs at a time was started twice' });
  }

  /**
   * Begins the work; it is running when this returns.
   * @param work does it and sets its states
   * @param signal cancels it too
   * @returns the work's result
   * @throws AppError the code of this job, while it runs
   */
  start(
    work: (signal: AbortSignal, set: (state: State) => void) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    this.requireIdle();
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    const set = (state: State): void => {
      this.#state = state;
      this.#publish(state);
    };
    const finished = work(controller.signal, set).finally(() => {
      signal?.removeEventListener('abort', cancel);
      if (this.#running === running) this.#running = null;
    });
    const running = { controller, finished };
    this.#running = running;
    return finished;
  }

  /** Asks the present work to end; nothing happens when there is none. */
  cancel(): void {
    this.#running?.controller.abort();
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.#running?.finished;
  }

  /** Cancels the present work, waits for its end and forgets its state: for a project that closes. */
  async end(): Promise<void> {
    this.cancel();
    await this.idle();
    this.#state = null;
  }
}
