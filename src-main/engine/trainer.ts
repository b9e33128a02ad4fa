/**
 * The training loop: our own instead of `model.fit`, so that a step can be compiled, a run can be paused, stopped and
 * resumed between any two steps, and a resumed run has the history of one that was never interrupted.
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { MemoryStats, Preprocessing } from '../contract/engine-process.ts';
import { AppError, throwIfCancelled } from '../contract/errors.ts';
import type { Epoch, RunProgress, TrainingPlan } from '../contract/training.ts';
import type { Backend, ProgramSet } from './backend.ts';
import { type Batch, type LabelledSlots, prefetch, readBatch, shuffledSchedule } from './batches.ts';
import { type TrainingPlace, loadCheckpoint, saveCheckpoint, startingPlace } from './checkpoint.ts';
import type { Classifier } from './classifier.ts';
import { evaluate } from './evaluation.ts';
import { RunningMean } from './metrics.ts';
import { type Optimizer, createSlots } from './optimizers/index.ts';
import { type ImageShape, batchTensors, evaluateProgram, trainProgram } from './programs.ts';
import type { Storage } from './storage.ts';
import { Stopwatch } from './stopwatch.ts';
import type { TileReader } from './tile-reader.ts';
import type { TrainControl, TrainRequestedState } from './train-control.ts';

/** What the loop tells while it runs. */
export interface TrainListener {
  started(about: Pick<ProgramSet<never>, 'mode' | 'whyEager'> & { history: readonly Epoch[] }): void;
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
  readonly classifier: Classifier;
  readonly preprocessing: Preprocessing;
  readonly optimizer: Optimizer;
  readonly settings: TrainingPlan['settings'];
  readonly reader: TileReader;
  readonly train: LabelledSlots;
  readonly validation: LabelledSlots | null;
  /** The run's folder. */
  readonly storage: Storage;
  /** Saves the model as it is; called after every epoch and at the end. */
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
  /** `done`: all epochs; `stopped`: ended early, model kept; `interrupted`: can be resumed. */
  readonly outcome: 'done' | 'stopped' | 'interrupted';
  /** Seconds of training in all, pauses not counted. */
  readonly seconds: number;
}

/**
 * Trains until all epochs are done or the run is ended from outside.
 * @throws AppError TRAINING_DIVERGED, TRAINING_NOT_RESUMABLE, CANCELLED (a checkpoint is left), storage errors
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const loop = await TrainingLoop.create(options);
  try {
    return await loop.run();
  } finally {
    loop.dispose();
  }
}

type Programs = ProgramSet<'train' | 'evaluate'>;

class TrainingLoop {
  readonly #options: TrainOptions;
  readonly #programs: Programs;
  /** Weights first, then the optimizer's slots: what a checkpoint holds. */
  readonly #variables: readonly tfjs.Variable[];
  readonly #slots: readonly tfjs.Variable[];
  readonly #imageShape: ImageShape;
  readonly #learningRate: tfjs.Scalar;
  readonly #place: TrainingPlace;
  readonly #epochWatch: Stopwatch;
  readonly #watch: Stopwatch;
  #mean: RunningMean;
  /** Images per second of training, smoothed over the last steps. */
  #rate = 0;

  static async create(options: TrainOptions): Promise<TrainingLoop> {
    const { backend, classifier, optimizer, preprocessing, reader, storage } = options;
    const { tf } = backend;
    const imageShape: ImageShape = [reader.size, reader.size, reader.channels];
    const weights = classifier.model.weights.map((weight) => weight.read() as tfjs.Variable);
    const trainable = classifier.model.trainableWeights.map((weight) => weight.read() as tfjs.Variable);
    const slots = createSlots(backend, optimizer, trainable);
    const variables = [...weights, ...slots.flat()];
    const place = options.resume
      ? await loadCheckpoint(tf, storage, variables, options.run)
      : startingPlace();
    const { batchSize } = options.settings;
    const shared = { backend, classifier, preprocessing, imageShape, batchSize };
    const specs = { train: trainProgram(shared, optimizer, slots), evaluate: evaluateProgram(shared) };
    const programs = backend.prepare(specs);
    tf.dispose([...specs.train.exampleInputs, ...specs.evaluate.exampleInputs] as tfjs.Tensor[]);
    return new TrainingLoop(options, programs, variables, slots.flat(), imageShape, place);
  }

  private constructor(
    options: TrainOptions,
    programs: Programs,
    variables: readonly tfjs.Variable[],
    slots: readonly tfjs.Variable[],
    imageShape: ImageShape,
    place: TrainingPlace,
  ) {
    this.#options = options;
    this.#programs = programs;
    this.#variables = variables;
    this.#slots = slots;
    this.#imageShape = imageShape;
    this.#learningRate = options.backend.tf.scalar(options.settings.learningRate);
    this.#place = place;
    this.#mean = RunningMean.from(place.sums);
    this.#epochWatch = new Stopwatch(place.epochSeconds);
    this.#watch = new Stopwatch(place.seconds);
  }

  dispose(): void {
    this.#programs.dispose();
    this.#options.backend.tf.dispose([this.#learningRate, ...this.#slots]);
  }

  async run(): Promise<TrainOutcome> {
    const { settings, reader, train: data, listener, control } = this.#options;
    const { epochs, batchSize, stepsPerEpoch, seed } = settings;
    const schedule = shuffledSchedule(data.slots.length, batchSize, seed);
    const read = (step: number): Promise<Batch> => readBatch(reader, data, schedule.batch(step), batchSize);
    listener.started({
      mode: this.#programs.mode,
      whyEager: this.#programs.whyEager,
      history: this.#place.history,
    });
    // Interrupted while it was validating: that epoch's steps are done, its validation is not.
    if (this.#place.step === stepsPerEpoch && !(await this.#endEpoch())) return this.#end(control.state);
    const from = (this.#place.epoch - 1) * stepsPerEpoch + this.#place.step;
    for await (const batch of prefetch(from, epochs * stepsPerEpoch, read)) {
      await this.#letOthers();
      if (this.#isEnding) return this.#end(control.state);
      this.#step(batch);
      if (this.#place.step === stepsPerEpoch && !(await this.#endEpoch())) return this.#end(control.state);
    }
    return { outcome: 'done', seconds: this.#watch.seconds };
  }

  get #isEnding(): boolean {
    const { control, signal } = this.#options;
    return signal?.aborted === true || control.state === 'stop' || control.state === 'interrupt';
  }

  /** Between two steps: messages and predictions have their turn, and a pause is waited out. */
  async #letOthers(): Promise<void> {
    const { control, signal, yieldToOthers, listener } = this.#options;
    await yieldToOthers();
    if (control.state !== 'pause') return;
    this.#epochWatch.stop();
    this.#watch.stop();
    await this.#saveCheckpoint();
    listener.paused();
    await control.whilePaused(signal);
    if (!this.#isEnding) listener.resumed();
    this.#epochWatch.start();
    this.#watch.start();
  }

  async #end(state: TrainRequestedState): Promise<TrainOutcome> {
    await this.#saveCheckpoint();
    throwIfCancelled(this.#options.signal);
    if (state === 'interrupt') return { outcome: 'interrupted', seconds: this.#watch.seconds };
    await this.#options.saveModel(this.#place.epoch - 1);
    return { outcome: 'stopped', seconds: this.#watch.seconds };
  }

  #step(batch: Batch): void {
    const { backend } = this.#options;
    const begun = performance.now();
    const inputs = [...batchTensors(backend, batch, this.#imageShape), this.#learningRate];
    const outputs = this.#programs.run('train', inputs);
    const lossSum = outputs[0].dataSync()[0];
    const right = outputs[1].dataSync()[0];
    backend.tf.dispose([...inputs.slice(0, 3), ...outputs]);
    if (!Number.isFinite(lossSum)) {
      throw new AppError('TRAINING_DIVERGED', { loss: String(lossSum), epoch: this.#place.epoch });
    }
    this.#mean.add(lossSum, right, batch.count);
    this.#place.step++;
    const rate = (batch.count * 1000) / (performance.now() - begun);
    this.#rate = this.#rate === 0 ? rate : 0.9 * this.#rate + 0.1 * rate;
    this.#tell('training');
  }

  /** Validates, notes the epoch and saves everything. False when the run is to end before that is done. */
  async #endEpoch(): Promise<boolean> {
    const { listener, residentBytes, backend } = this.#options;
    const validation = await this.#validate();
    if (validation === 'ended') return false;
    const { loss, accuracy } = this.#mean;
    const epoch: Epoch = {
      epoch: this.#place.epoch,
      loss: loss ?? 0,
      accuracy: accuracy ?? 0,
      valLoss: validation?.loss ?? null,
      valAccuracy: validation?.accuracy ?? null,
      seconds: this.#epochWatch.seconds,
    };
    this.#place.history.push(epoch);
    this.#place.epoch++;
    this.#place.step = 0;
    this.#mean = new RunningMean();
    this.#epochWatch.reset();
    await this.#saveCheckpoint();
    await this.#options.saveModel(epoch.epoch);
    const { numTensors: tensors, numBytes: tensorBytes } = backend.tf.memory();
    listener.epoch(epoch, { tensors, tensorBytes, residentBytes: residentBytes() }, this.#watch.seconds);
    return true;
  }

  async #validate(): Promise<{ loss: number; accuracy: number } | 'ended' | null> {
    const { backend, validation, reader, settings, classifier } = this.#options;
    if (validation === null) return null;
    const ending = new AbortController();
    const measured = evaluate({
      backend,
      programs: this.#programs,
      reader,
      data: validation,
      classes: classifier.classes,
      imageShape: this.#imageShape,
      batchSize: settings.batchSize,
      yieldToOthers: async () => {
        await this.#letOthers();
        if (this.#isEnding) ending.abort();
      },
      signal: ending.signal,
      onProgress: () => this.#tell('validating'),
    });
    return measured.catch((error: unknown) => {
      if (ending.signal.aborted) return 'ended' as const;
      throw error;
    });
  }

  async #saveCheckpoint(): Promise<void> {
    this.#programs.readVariables();
    const place = this.#place;
    place.sums = this.#mean.save();
    place.epochSeconds = this.#epochWatch.seconds;
    place.seconds = this.#watch.seconds;
    await saveCheckpoint(this.#options.storage, this.#variables, place);
    this.#options.listener.checkpoint(place.epoch, place.step);
  }

  #tell(phase: string): void {
    const { epochs, stepsPerEpoch } = this.#options.settings;
    const { epoch, step, history } = this.#place;
    const rest = epochs * stepsPerEpoch - ((epoch - 1) * stepsPerEpoch + step);
    this.#options.listener.progress({
      epoch,
      step,
      stepsPerEpoch,
      loss: this.#mean.loss,
      accuracy: this.#mean.accuracy,
      imagesPerSecond: this.#rate,
      secondsLeft: this.#secondsPerStep(history.at(-1)) * rest,
      phase,
    });
  }

  /** Of the last whole epoch, validation included; before there is one, of this epoch's steps so far. */
  #secondsPerStep(last: Epoch | undefined): number {
    if (last !== undefined) return last.seconds / this.#options.settings.stepsPerEpoch;
    return this.#place.step === 0 ? 0 : this.#epochWatch.seconds / this.#place.step;
  }
}
