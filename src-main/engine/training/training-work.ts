/** Whatever trains: runs, and the search for a learning rate. One at a time, as each wants the whole machine. */
import type { TrainEvent } from '../../contract/engine/engine.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { LearningRateEvent } from '../../contract/app/training.ts';
import { type LearningRateJob, findLearningRate } from './find-learning-rate.ts';
import type { TrainingResources } from './open-training.ts';
import { TrainControl } from './train-control.ts';
import { type TrainingJob, trainRun } from './train-run.ts';

/** The work that trains now. */
interface ActiveTraining {
  readonly run: string;
  readonly control: TrainControl;
  /** It was cancelled or stopped. */
  readonly isEnding: () => boolean;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
}

export class TrainingWork {
  readonly #resources: TrainingResources;
  #active: ActiveTraining | null = null;

  constructor(resources: TrainingResources) {
    this.#resources = resources;
  }

  /** Trains a run and emits what happens. @throws AppError BACKEND_BUSY, and as `trainRun` */
  train(job: TrainingJob, emit: (event: TrainEvent) => void, signal?: AbortSignal): Promise<void> {
    return this.#alone(job.run, signal, (control) => trainRun(this.#resources, job, control, emit, signal));
  }

  /** Tries learning rates. @throws AppError BACKEND_BUSY while something trains, and as `findLearningRate` */
  findLearningRate(
    job: LearningRateJob,
    emit: (event: LearningRateEvent) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    return this.#alone('learning-rate', signal, () => findLearningRate(this.#resources, job, emit, signal));
  }

  /** The handle of the run that is training. @throws AppError TRAINING_NOT_RUNNING */
  control(run: string): TrainControl {
    if (this.#active?.run === run) return this.#active.control;
    throw new AppError('TRAINING_NOT_RUNNING', { id: run });
  }

  /**
   * Does work that trains, of which there may be one at a time. One that was cancelled or stopped is waited for: it is
   * about to end. @throws AppError BACKEND_BUSY, CANCELLED and what the work throws
   */
  async #alone(
    run: string,
    signal: AbortSignal | undefined,
    work: (control: TrainControl) => Promise<void>,
  ): Promise<void> {
    while (this.#active !== null) {
      if (!this.#active.isEnding()) throw new AppError('BACKEND_BUSY', { task: 'training' });
      await this.#active.ended;
      throwIfCancelled(signal);
    }
    const control = new TrainControl();
    const isEnding = (): boolean => signal?.aborted === true || control.isEnding;
    const working = work(control).finally(() => (this.#active = null));
    const ended = working.catch(() => undefined);
    this.#active = { run, control, isEnding, ended };
    await working;
  }
}
