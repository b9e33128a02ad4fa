/** The loop of one stage: steps, validation, checkpoints, and when to end. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Epoch } from '../../contract/app/runs.ts';
import type { ProgramSet } from '../base/backend.ts';
import { type Batch, type Schedule, prefetch, readBatch, shuffledSchedule } from '../step/batches.ts';
import { bestEpoch, isOutOfPatience } from './best-epoch.ts';
import { type TrainingPlace, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { evaluate } from '../inference/evaluation.ts';
import { RunningMean } from '../step/metrics.ts';
import { createSlots, optimizers } from '../optimizers/index.ts';
import { type ProgramOptions, evaluateProgram } from '../step/programs.ts';
import { learningRateAt } from './schedules.ts';
import type { Stage, StageInput, StagePlan } from './stage.ts';
import { Stopwatch } from '../base/stopwatch.ts';
import type { TrainControl } from './train-control.ts';
import { type TrainStep, createTrainStep } from './train-step.ts';
import type { TrainOptions, TrainOutcome } from './train-options.ts';

/** One stage of a run, with the run's place and clock, which it moves on. */
export interface StageLoopOptions extends TrainOptions {
  readonly plan: StagePlan;
  readonly stage: Stage;
  readonly place: TrainingPlace;
  readonly watch: Stopwatch;
  readonly isLast: boolean;
}

/** Milliseconds between the checkpoints of a stage of very short epochs. */
const checkpointEvery = 2_000;

type Programs = ProgramSet<'train' | 'evaluate'>;

/** The variables of a stage beside the network's own. */
interface StageVariables {
  readonly slots: readonly tfjs.Variable[];
  /** Copies of the weights as they were after the best epoch; empty unless the best is kept. */
  readonly best: readonly tfjs.Variable[];
}

export class StageLoop {
  readonly #options: StageLoopOptions;
  readonly #programs: Programs;
  readonly #step: TrainStep;
  readonly #variables: StageVariables;
  readonly #epochWatch: Stopwatch;
  readonly #schedule: Schedule;
  #mean: RunningMean;
  /** When the last checkpoint was written. */
  #saved = -Infinity;
  /** Images per second of training, smoothed over the last steps. */
  #rate = 0;

  /** Compiles the stage's programs and, when resumed, loads its checkpoint. */
  static async create(options: StageLoopOptions): Promise<StageLoop> {
    const { backend, stage, settings, storage, run } = options;
    const { tf } = backend;
    const optimizer = optimizers[settings.optimizer];
    const slots = createSlots(backend, optimizer, stage.variables);
    const keepsBest = settings.keepBest && stage.validation !== null;
    const best = keepsBest ? stage.weights.map((weight) => copyOf(backend.tf, weight)) : [];
    const variables = { slots: slots.flat(), best };
    // The stage's checkpoint is there when an epoch of it, or its beginning, was saved.
    if (options.resume) await loadCheckpoint(tf, storage, allOf(stage, variables), run);
    const step = createTrainStep({
      ...programOptions(options, stage.train),
      optimizer,
      variables: stage.variables,
      slots,
      seed: seedOf(options),
      augmenter: stage.train.augmenter,
      classWeights: options.classWeights,
      labelSmoothing: settings.labelSmoothing,
      mixup: settings.mixup,
    });
    const evaluation = evaluateProgram(programOptions(options, stage.validation ?? stage.train));
    const programs = backend.prepare({ train: step.spec, evaluate: evaluation });
    tf.dispose([...step.spec.exampleInputs, ...evaluation.exampleInputs] as tfjs.Tensor[]);
    return new StageLoop(options, programs, step, variables);
  }

  private constructor(
    options: StageLoopOptions,
    programs: Programs,
    step: TrainStep,
    variables: StageVariables,
  ) {
    const { place, stage, settings } = options;
    this.#options = options;
    this.#programs = programs;
    this.#step = step;
    this.#variables = variables;
    this.#mean = RunningMean.from(place.sums);
    this.#epochWatch = new Stopwatch(place.epochSeconds);
    this.#schedule = shuffledSchedule(stage.train.data.slots.length, settings.batchSize, seedOf(options));
  }

  dispose(): void {
    this.#programs.dispose();
    this.#options.backend.tf.dispose([...this.#variables.slots, ...this.#variables.best]);
  }

  async run(): Promise<TrainOutcome['outcome']> {
    const { settings, stage, plan, place, listener, control, resume } = this.#options;
    const { batchSize, stepsPerEpoch } = settings;
    const { mode, whyEager, precision, whyExact } = this.#programs;
    const computing = { mode, whyEager, precision, ...(whyExact === undefined ? {} : { whyExact }) };
    listener.stage({ name: plan.name, computing, history: place.history });
    // A stage that follows another must not find that one's checkpoint when it is resumed.
    if (!resume && place.stage > 0) await this.#saveCheckpoint();
    const read = (step: number): Promise<Batch> =>
      readBatch(stage.train.reader, stage.train.data, this.#schedule.batch(step), batchSize);
    // Interrupted while it was validating: that epoch's steps are done, its validation is not.
    if (place.step === stepsPerEpoch && !(await this.#endEpoch())) return this.#end(control.state);
    if (!this.#isOver) {
      for await (const batch of prefetch(this.#stepsDone, plan.epochs * stepsPerEpoch, read)) {
        await this.#letOthers();
        if (this.#isEnding) return this.#end(control.state);
        this.#train(batch);
        if (place.step < stepsPerEpoch) continue;
        if (!(await this.#endEpoch())) return this.#end(control.state);
        if (this.#isOver) break;
      }
    }
    await this.#finish();
    return 'done';
  }

  /** Epochs of this stage that are done. */
  get #epochs(): readonly Epoch[] {
    const { place } = this.#options;
    return place.history.slice(place.epochsBefore);
  }

  get #stepsDone(): number {
    return this.#epochs.length * this.#options.settings.stepsPerEpoch + this.#options.place.step;
  }

  get #isOver(): boolean {
    const { plan, settings } = this.#options;
    return this.#epochs.length >= plan.epochs || isOutOfPatience(this.#epochs, settings.patience);
  }

  get #isEnding(): boolean {
    const { control, signal } = this.#options;
    return signal?.aborted === true || control.state === 'stop' || control.state === 'interrupt';
  }

  /** Between two steps: messages and predictions have their turn, and a pause is waited out. */
  async #letOthers(): Promise<void> {
    const { control, signal, yieldToOthers, listener, watch } = this.#options;
    await yieldToOthers();
    if (control.state !== 'pause') return;
    this.#epochWatch.stop();
    watch.stop();
    await this.#saveCheckpoint();
    listener.paused();
    await control.whilePaused(signal);
    if (!this.#isEnding) listener.resumed();
    this.#epochWatch.start();
    watch.start();
  }

  async #end(state: TrainControl['state']): Promise<TrainOutcome['outcome']> {
    await this.#saveCheckpoint();
    throwIfCancelled(this.#options.signal);
    if (state === 'interrupt') return 'interrupted';
    this.#putBest();
    await this.#options.saveModel(this.#options.place.history.length);
    return 'stopped';
  }

  /** All epochs are done: the network keeps the best weights, or the last, and is saved with the last stage. */
  async #finish(): Promise<void> {
    const { stage, isLast, saveModel, place, resume } = this.#options;
    if (!stage.saveEveryEpoch) await this.#saveCheckpoint();
    this.#programs.readVariables();
    this.#putBest();
    // A resumed run may have lost its last model between the checkpoint and its writing.
    if (isLast && (!stage.saveEveryEpoch || resume)) await saveModel(place.history.length);
  }

  /** Gives the network the weights of its best epoch, when there was one and it is to be kept. */
  #putBest(): void {
    if (this.#variables.best.length === 0 || bestEpoch(this.#epochs) < 0) return;
    this.#options.stage.weights.forEach((weight, index) => weight.assign(this.#variables.best[index]));
  }

  #train(batch: Batch): void {
    const { backend, place, plan, settings } = this.#options;
    const begun = performance.now();
    const step = this.#stepsDone;
    const learningRate = learningRateAt(step, {
      ...settings,
      learningRate: plan.learningRate,
      epochs: plan.epochs,
    });
    const inputs = this.#step.inputs(batch, { learningRate, step, update: step + 1 });
    const outputs = this.#programs.run('train', inputs);
    const lossSum = outputs[0].dataSync()[0];
    const right = outputs[1].dataSync()[0];
    backend.tf.dispose([...inputs, ...outputs]);
    if (!Number.isFinite(lossSum)) {
      throw new AppError('TRAINING_DIVERGED', { loss: String(lossSum), epoch: place.epoch });
    }
    this.#mean.add(lossSum, right, batch.count);
    place.step++;
    const rate = (batch.count * 1000) / (performance.now() - begun);
    this.#rate = this.#rate === 0 ? rate : 0.9 * this.#rate + 0.1 * rate;
    this.#tell('training');
  }

  /** Validates, notes the epoch and saves everything. False when the run is to end before that is done. */
  async #endEpoch(): Promise<boolean> {
    const { listener, residentBytes, backend, place, watch, plan } = this.#options;
    const validation = await this.#validate();
    if (validation === 'ended') return false;
    const { loss, accuracy } = this.#mean;
    const epoch: Epoch = {
      epoch: place.epoch,
      loss: loss ?? 0,
      accuracy: accuracy ?? 0,
      valLoss: validation?.loss ?? null,
      valAccuracy: validation?.accuracy ?? null,
      seconds: this.#epochWatch.seconds,
      stage: plan.name,
    };
    place.history.push(epoch);
    place.epoch++;
    place.step = 0;
    this.#mean = new RunningMean();
    this.#epochWatch.reset();
    await this.#keepEpoch();
    const { numTensors: tensors, numBytes: tensorBytes } = backend.tf.memory();
    listener.epoch(epoch, { tensors, tensorBytes, residentBytes: residentBytes() }, watch.seconds);
    return true;
  }

  /** Writes the checkpoint and, where it is due, the model. */
  async #keepEpoch(): Promise<void> {
    const { stage, saveModel, place } = this.#options;
    const epochs = this.#epochs;
    const isBest = bestEpoch(epochs) === epochs.length - 1;
    this.#programs.readVariables();
    if (isBest) {
      this.#variables.best.forEach((copy, index) => copy.assign(stage.weights[index]));
    }
    // Where an epoch takes a moment, writing it down would take longer.
    const isDue = stage.saveEveryEpoch || performance.now() - this.#saved > checkpointEvery;
    const keepsBest = this.#variables.best.length > 0;
    const isKept = stage.saveEveryEpoch && (isBest || !keepsBest);
    // Beside each other, as both mostly wait for the disk; both are over before a failure of one is told.
    const written = await Promise.allSettled([
      isDue ? this.#writeCheckpoint() : undefined,
      isKept ? saveModel(place.history.length) : undefined,
    ]);
    for (const one of written) if (one.status === 'rejected') throw one.reason;
  }

  async #validate(): Promise<{ loss: number; accuracy: number } | 'ended' | null> {
    const { backend, stage, settings } = this.#options;
    if (stage.validation === null) return null;
    const { reader, data, classifier } = stage.validation;
    const ending = new AbortController();
    const measured = evaluate({
      backend,
      programs: this.#programs,
      reader,
      data,
      classes: classifier.classes,
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
    await this.#writeCheckpoint();
  }

  async #writeCheckpoint(): Promise<void> {
    const { place, storage, stage, watch, listener } = this.#options;
    place.sums = this.#mean.save();
    place.epochSeconds = this.#epochWatch.seconds;
    place.seconds = watch.seconds;
    await saveCheckpoint(storage, allOf(stage, this.#variables), place);
    this.#saved = performance.now();
    listener.checkpoint(place.epoch, place.step);
  }

  #tell(phase: string): void {
    const { plan, settings, place, listener } = this.#options;
    const rest = plan.epochs * settings.stepsPerEpoch - this.#stepsDone;
    listener.progress({
      epoch: place.epoch,
      step: place.step,
      stepsPerEpoch: settings.stepsPerEpoch,
      loss: this.#mean.loss,
      accuracy: this.#mean.accuracy,
      imagesPerSecond: this.#rate,
      secondsLeft: this.#secondsPerStep() * rest,
      phase,
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

function programOptions(
  { backend, stage, settings }: StageLoopOptions,
  { classifier, reader }: StageInput,
): ProgramOptions {
  return {
    backend,
    classifier,
    preprocessing: stage.preprocessing,
    imageShape: reader.shape,
    inputType: reader.type,
    batchSize: settings.batchSize,
  };
}

/** What a checkpoint holds: weights, optimizer slots, copies of the best weights. */
function allOf(stage: Stage, { slots, best }: StageVariables): tfjs.Variable[] {
  return [...stage.weights, ...slots, ...best];
}

function copyOf(tf: StageLoopOptions['backend']['tf'], weight: tfjs.Variable): tfjs.Variable {
  return tf.tidy(() => tf.variable(tf.clone(weight), false));
}

/** Each stage draws its own random numbers; the first one those of the run's seed, as the preview shows them. */
function seedOf({ settings: { seed }, place: { stage } }: StageLoopOptions): number {
  return stage === 0 ? seed : (seed + stage * 0x9e3779b1) >>> 1;
}
