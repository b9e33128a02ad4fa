import { AppError } from '../../contract/shared/errors.ts';

/** What the user wants of a run; read between steps. */
export type TrainRequestedState = 'run' | 'pause' | 'stop' | 'interrupt';

/** The handle by which a training run is paused, resumed and ended. */
export class TrainControl {
  #state: TrainRequestedState = 'run';
  #wake: () => void = () => undefined;

  get state(): TrainRequestedState {
    return this.#state;
  }

  /** The run was stopped or interrupted. */
  get isEnding(): boolean {
    return this.#state === 'stop' || this.#state === 'interrupt';
  }

  /** Asks the run to wait after the current step. */
  pause(): void {
    if (this.#state === 'run') this.#state = 'pause';
  }

  /** Lets a paused run continue. */
  resume(): void {
    if (this.#state === 'pause') this.#set('run');
  }

  /** Ends the run after the current step; its model is kept. */
  stop(): void {
    if (this.#state !== 'interrupt') this.#set('stop');
  }

  /** Ends the run after the current step, leaving a checkpoint to resume from. */
  interrupt(): void {
    this.#set('interrupt');
  }

  /** Resolves when the state is no longer `pause`. @throws AppError CANCELLED when the signal is aborted */
  async whilePaused(signal: AbortSignal | undefined): Promise<void> {
    while (this.#state === 'pause') {
      if (signal?.aborted) throw new AppError('CANCELLED');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  #set(state: TrainRequestedState): void {
    this.#state = state;
    this.#wake();
  }
}
