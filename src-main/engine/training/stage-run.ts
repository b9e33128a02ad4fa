/** One stage of a run while it trains: its place among the epochs, its clock, its checkpoints. Driven by `train()`. */
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Epoch } from '../../contract/app/runs.ts';
import { Stopwatch } from '../base/stopwatch.ts';
import { type Batch, type Schedule, readAhead, readBatch, shuffledSchedule } from '../step/batches.ts';
import { RunningMean } from '../step/metrics.ts';
import { bestEpoch, isOutOfPatience } from './best-epoch.ts';
import { type TrainingPlace, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { learningRateAt } from './schedules.ts';
import type { DescentPlan, Stage } from './stage.ts';
import { type StageSteps, createStageSteps } from './stage-steps.ts';
import type { TrainOptions, TrainOutcome } from './train-options.ts';
import { isEnding, letOthers } from './turns.ts';

/** One stage of a run, with the run's place and clock, which it moves on. */
export interface StageOptions extends TrainOptions {
  readonly stage: Stage;
  readonly place: TrainingPlace;
  readonly watch: Stopwatch;
}

/** A stage that is trained in steps. */
export interface StageRunOptions extends StageOptions {
  readonly plan: DescentPlan;
}

/** Milliseconds between the checkpoints of a stage of very short epochs. */
const checkpointEvery = 2_000;

export class StageRun {
  readonly #options: StageRunOptions;
  readonly #plan: DescentPlan;
  readonly #steps: StageSteps;
  readonly #epochWatch: Stopwatch;
  readonly #schedule: Schedule;
  #mean: RunningMean;
  /** When the last checkpoint was written. */
  #saved = -Infinity;
  /** Images per second of training, smoothed over the last steps. */
  #rate = 0;

  /** Compiles the stage's steps and, when resumed, loads its checkpoint. Closes the stage when that fails. */
  static async open(options: StageRunOptions): Promise<StageRun> {
    const { backend, storage, run, stage, resume } = options;
    try {
      // The stage's checkpoint is there when an epoch of it, or its beginning, was saved.
      const steps = await createStageSteps(
        { ...options, seed: seedOf(options) },
        resume ? (variables) => loadCheckpoint(backend.tf, storage, variables, run) : null,
      );
      return new StageRun(options, steps);
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(options: StageRunOptions, steps: StageSteps) {
    const { place, stage, plan, settings } = options;
    this.#options = options;
    this.#plan = plan;
    this.#steps = steps;
    this.#mean = RunningMean.from(place.sums);
    this.#epochWatch = new Stopwatch(place.epochSeconds);
    this.#schedule = shuffledSchedule(stage.train.data.slots.length, settings.batchSize, seedOf(options));
  }

  async close(): Promise<void> {
    this.#steps.dispose();
    await this.#options.stage.close();
  }

  /** Announces the stage. A later one must not find the checkpoint of the one before when it is resumed. */
  async begin(): Promise<void> {
    const { place, listener, resume } = this.#options;
    listener.stage({ name: this.#plan.name, computing: this.#steps.computing, history: place.history });
    if (!resume && place.stage > 0) await this.#saveCheckpoint();
  }

  /** All epochs of the stage are done, or none has been better for long. */
  get isDone(): boolean {
    return (
      this.#epochs.length >= this.#plan.epochs ||
      isOutOfPatience(this.#epochs, this.#options.settings.patience)
    );
  }

  /** All steps of the present epoch are done; of a resumed run also where its validation was interrupted. */
  get isEpochDone(): boolean {
    return this.#options.place.step >= this.#options.settings.stepsPerEpoch;
  }

  /** The run was cancelled, stopped or interrupted. */
  get isEnding(): boolean {
    return isEnding(this.#options);
  }

  /** Epochs of this stage that are done. */
  get #epochs(): readonly Epoch[] {
    const { place } = this.#options;
    return place.history.slice(place.epochsBefore);
  }

  /** The epochs whose weights may be kept. Those of before the stage are what its copies of the best begin as. */
  get #rivals(): readonly Epoch[] {
    return this.#plan.mustImprove === true ? this.#options.place.history : this.#epochs;
  }

  get #stepsDone(): number {
    return this.#epochs.length * this.#options.settings.stepsPerEpoch + this.#options.place.step;
  }

  /** The batches of the remaining steps, each read while the one before trains. */
  batches(): { next(): Promise<Batch> } {
    const { stage, settings } = this.#options;
    const { reader, data } = stage.train;
    const end = this.#plan.epochs * settings.stepsPerEpoch;
    return readAhead(this.#stepsDone, end, (step) =>
      readBatch(reader, data, this.#schedule.batch(step), settings.batchSize),
    );
  }

  /** Between two steps: messages and predictions have their turn, and a pause is waited out. */
  letOthers(): Promise<void> {
    const watches = [this.#epochWatch, this.#options.watch];
    return letOthers(this.#options, watches, () => this.#saveCheckpoint());
  }

  /** Trains on one batch. @throws AppError TRAINING_DIVERGED */
  step(batch: Batch): void {
    const { place, settings } = this.#options;
    const { learningRate: maximum, epochs } = this.#plan;
    const begun = performance.now();
    const step = this.#stepsDone;
    const learningRate = learningRateAt(step, { ...settings, learningRate: maximum, epochs });
    const { lossSum, right } = this.#steps.train(batch, { learningRate, step, update: step + 1 });
    if (!Number.isFinite(lossSum)) {
      throw new AppError('TRAINING_DIVERGED', { loss: String(lossSum), epoch: place.epoch });
    }
    this.#mean.add(lossSum, right, batch.count);
    place.step++;
    const rate = (batch.count * 1000) / (performance.now() - begun);
    this.#rate = this.#rate === 0 ? rate : 0.9 * this.#rate + 0.1 * rate;
    this.#report('training');
  }

  /** Measures the validation images; null when there are none, `ended` when the run is ended meanwhile. */
  async validate(): Promise<{ loss: number; accuracy: number } | 'ended' | null> {
    const ending = new AbortController();
    try {
      return await this.#steps.validate({
        yieldToOthers: async () => {
          await this.letOthers();
          if (this.isEnding) ending.abort();
        },
        signal: ending.signal,
        onProgress: () => this.#report('validating'),
      });
    } catch (error) {
      if (ending.signal.aborted) return 'ended';
      throw error;
    }
  }

  /** Adds the epoch to the history and saves everything. */
  async endEpoch(validation: { loss: number; accuracy: number } | null): Promise<void> {
    const { listener, residentBytes, backend, place, watch } = this.#options;
    const { loss, accuracy } = this.#mean;
    const epoch: Epoch = {
      epoch: place.epoch,
      loss: loss ?? 0,
      accuracy: accuracy ?? 0,
      valLoss: validation?.loss ?? null,
      valAccuracy: validation?.accuracy ?? null,
      seconds: this.#epochWatch.seconds,
      stage: this.#plan.name,
    };
    place.history.push(epoch);
    place.epoch++;
    place.step = 0;
    this.#mean = new RunningMean();
    this.#epochWatch.reset();
    await this.#keepEpoch();
    const { numTensors: tensors, numBytes: tensorBytes } = backend.tf.memory();
    listener.epoch(epoch, { tensors, tensorBytes, residentBytes: residentBytes() }, watch.seconds);
  }

  /** Writes the checkpoint and, where it is due, the model. */
  async #keepEpoch(): Promise<void> {
    const { stage, saveModel, place } = this.#options;
    const isBest = bestEpoch(this.#rivals) === this.#rivals.length - 1;
    this.#steps.readVariables();
    if (isBest) this.#steps.keepBest();
    // Where an epoch takes a moment, writing it down would take longer.
    const isDue = stage.saveEveryEpoch || performance.now() - this.#saved > checkpointEvery;
    const isKept = stage.saveEveryEpoch && (isBest || !this.#steps.keepsBest);
    // Both mostly wait for the disk, so they run in parallel; both have ended before a failure of one is thrown.
    const written = await Promise.allSettled([
      isDue ? this.#writeCheckpoint() : undefined,
      isKept ? saveModel(place.history.length) : undefined,
    ]);
    for (const one of written) if (one.status === 'rejected') throw one.reason;
  }

  /** All epochs are done: the network gets its best weights, or keeps the last, and is saved with the last stage. */
  async finish(): Promise<void> {
    const { stage, stages, saveModel, place, resume } = this.#options;
    if (!stage.saveEveryEpoch) await this.#saveCheckpoint();
    this.#steps.readVariables();
    this.#restoreBest();
    const isLast = place.stage === stages.length - 1;
    // A resumed run may have lost its last model between the checkpoint and its writing.
    if (isLast && (!stage.saveEveryEpoch || resume)) await saveModel(place.history.length);
  }

  /** Ends the run before all epochs are done. @throws AppError CANCELLED */
  async end(): Promise<TrainOutcome['outcome']> {
    const { signal, control, saveModel, place } = this.#options;
    const { state } = control;
    await this.#saveCheckpoint();
    throwIfCancelled(signal);
    if (state === 'interrupt') return 'interrupted';
    this.#restoreBest();
    await saveModel(place.history.length);
    return 'stopped';
  }

  /** Before the first epoch with a validation is over, there are no best weights. */
  #restoreBest(): void {
    if (bestEpoch(this.#rivals) >= 0) this.#steps.restoreBest();
  }

  async #saveCheckpoint(): Promise<void> {
    this.#steps.readVariables();
    await this.#writeCheckpoint();
  }

  async #writeCheckpoint(): Promise<void> {
    const { place, storage, watch, listener } = this.#options;
    place.sums = this.#mean.save();
    place.epochSeconds = this.#epochWatch.seconds;
    place.seconds = watch.seconds;
    await saveCheckpoint(storage, this.#steps.variables, place);
    this.#saved = performance.now();
    listener.checkpoint(place.epoch, place.step);
  }

  #report(phase: string): void {
    const { settings, place, listener, watch } = this.#options;
    const rest = this.#plan.epochs * settings.stepsPerEpoch - this.#stepsDone;
    listener.progress({
      epoch: place.epoch,
      step: place.step,
      stepsPerEpoch: settings.stepsPerEpoch,
      loss: this.#mean.loss,
      accuracy: this.#mean.accuracy,
      imagesPerSecond: this.#rate,
      secondsLeft: this.#secondsPerStep() * rest,
      phase,
      seconds: watch.seconds,
    });
  }

  /** Of the last whole epoch, validation included; before there is one, of this epoch's steps so far. */
  #secondsPerStep(): number {
    const { settings, place } = this.#options;
    const last = this.#epochs.at(-1);
    if (last !== undefined) return last.seconds / settings.stepsPerEpoch;
    return place.step === 0 ? 0 : this.#epochWatch.seconds / place.step;
  }
}

/** Each stage draws its own random numbers; the first one those of the run's seed, as the preview shows them. */
function seedOf({ settings: { seed }, place: { stage } }: StageRunOptions): number {
  return stage === 0 ? seed : (seed + stage * 0x9e3779b1) >>> 1;
}
