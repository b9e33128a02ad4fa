/**
 * A training run: its stages one after another, each with a loop of our own instead of `model.fit`, so that a step
 * can be compiled, a run can be paused, stopped and resumed between any two steps, and a resumed run has the history
 * of one that was never interrupted.
 */
import type { MemoryStats } from '../contract/engine-process.ts';
import { AppError, throwIfCancelled } from '../contract/errors.ts';
import type { Epoch, RunProgress } from '../contract/training.ts';
import type { RunSettings } from '../contract/training-settings.ts';
import type { Backend, ProgramSet } from './backend.ts';
import { type TrainingPlace, readCheckpointPlace, startingPlace } from './checkpoint.ts';
import type { Stage, StagePlan } from './stage.ts';
import { StageLoop } from './stage-loop.ts';
import type { Storage } from './storage.ts';
import { Stopwatch } from './stopwatch.ts';
import type { TrainControl } from './train-control.ts';

/** What the loop tells while it runs. */
export interface TrainListener {
  /** A stage begins: after the first one the weights that train may be others. */
  stage(
    about: Pick<ProgramSet<never>, 'mode' | 'whyEager'> & { name: string; history: readonly Epoch[] },
  ): void;
  progress(progress: RunProgress): void;
  paused(): void;
  resumed(): void;
  /** After validation, and after the checkpoint with this epoch in its history has been written. */
  epoch(epoch: Epoch, memory: MemoryStats, seconds: number): void;
  checkpoint(epoch: number, step: number): void;
}

/** A training run. */
export interface TrainOptions {
  readonly run: string;
  readonly backend: Backend;
  readonly stages: readonly StagePlan[];
  readonly settings: RunSettings;
  /** How much an image of each class counts; null: all the same. */
  readonly classWeights: readonly number[] | null;
  /** The run's folder. */
  readonly storage: Storage;
  /** Saves the model as it is. */
  readonly saveModel: (epochs: number) => Promise<void>;
  readonly resume: boolean;
  readonly control: TrainControl;
  readonly listener: TrainListener;
  /** Lets other work (messages, predictions) have its turn between steps. */
  readonly yieldToOthers: () => Promise<void>;
  readonly residentBytes: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** How a run ended. */
export interface TrainOutcome {
  /** `done`: all epochs, or no better one for long; `stopped`: ended early, model kept; `interrupted`: can be resumed. */
  readonly outcome: 'done' | 'stopped' | 'interrupted';
  /** Seconds of training in all, pauses not counted. */
  readonly seconds: number;
}

/**
 * Trains until all epochs are done or the run is ended from outside.
 * @throws AppError TRAINING_DIVERGED, TRAINING_NOT_RESUMABLE, CANCELLED (a checkpoint is left), storage errors
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const place = options.resume ? await placeOf(options) : startingPlace();
  const watch = new Stopwatch(place.seconds);
  let isResumed = options.resume;
  for (; place.stage < options.stages.length; nextStage(place)) {
    const outcome = await runStage(options, place, watch, isResumed);
    if (outcome !== 'done') return { outcome, seconds: watch.seconds };
    isResumed = false;
  }
  return { outcome: 'done', seconds: watch.seconds };
}

async function placeOf({ storage, run, stages }: TrainOptions): Promise<TrainingPlace> {
  const place = await readCheckpointPlace(storage);
  if (place !== null && place.stage < stages.length) return place;
  const reason = place === null ? 'it has no checkpoint' : 'its checkpoint is from another kind of run';
  throw new AppError('TRAINING_NOT_RESUMABLE', { id: run, reason });
}

function nextStage(place: TrainingPlace): void {
  place.stage++;
  place.epochsBefore = place.history.length;
}

async function runStage(
  options: TrainOptions,
  place: TrainingPlace,
  watch: Stopwatch,
  resume: boolean,
): Promise<TrainOutcome['outcome']> {
  const plan = options.stages[place.stage];
  let stage: Stage;
  try {
    stage = await plan.open(prepareProgress(options, place), options.signal);
  } catch (error) {
    // What the preparation made so far (features) is kept; the run goes on from its last checkpoint, if it has one.
    if (options.signal?.aborted) throwIfCancelled(options.signal);
    if (options.control.state === 'stop' || options.control.state === 'interrupt') return 'interrupted';
    throw error;
  }
  try {
    const isLast = place.stage === options.stages.length - 1;
    const loop = await StageLoop.create({ ...options, plan, stage, place, watch, resume, isLast });
    try {
      return await loop.run();
    } finally {
      loop.dispose();
    }
  } finally {
    await stage.close();
  }
}

/** Progress of what comes before a stage's steps: `step` of `stepsPerEpoch` are images then. */
function prepareProgress({ listener }: TrainOptions, { epoch }: TrainingPlace) {
  const begun = performance.now();
  return (phase: string, done: number, total: number): void => {
    const imagesPerSecond = (done * 1000) / Math.max(1, performance.now() - begun);
    const secondsLeft = done === 0 ? null : (total - done) / imagesPerSecond;
    const nothing = { loss: null, accuracy: null };
    listener.progress({
      epoch,
      step: done,
      stepsPerEpoch: total,
      ...nothing,
      imagesPerSecond,
      secondsLeft,
      phase,
    });
  };
}
