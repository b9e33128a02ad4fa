/**
 * A run while it trains: drives the engine, keeps its record up to date, emits its state. That is in memory; a database
 * that cannot be written holds nothing up.
 */
import { existsSync } from 'node:fs';
import type { TrainEvent } from '../../contract/engine/engine.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Run, RunProgress, RunStatus } from '../../contract/app/runs.ts';
import { BackgroundJob } from '../../core/jobs/background-job.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/runs/runs.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EngineProcess } from '../base/engine-client.ts';
import { calibrateRun } from '../evaluation/calibration.ts';
import { evaluateRun } from '../evaluation/evaluation.ts';
import { type TrainingData, prepareData } from '../runs/run-data.ts';
import { holdTiles } from '../project/image-caches.ts';
import { type RunDataset, hasCheckpoint, runModel, runPath, sweepRun } from '../runs/run-files.ts';
import { findWeights } from '../runs/run-backbone.ts';
import { type RunRecords, runRecords } from '../runs/run-records.ts';
import { isAtWork, toRun } from '../runs/run-states.ts';
import { explainRunFailure, isFinal } from './run-failure.ts';
import { progressOfWork } from './work-progress.ts';
import { runTile } from '../runs/run-tiles.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';

/** Milliseconds the engine gets to leave a checkpoint before it is ended. */
const interruptGrace = 15_000;
/** A run that something works on. */
export class ActiveRun {
  readonly id: string;
  readonly project: Project;
  readonly #context: ServiceContext;
  readonly #records: RunRecords;
  readonly #dataset: RunDataset;
  #before: Pick<RunRecord, 'status' | 'settings'> | null;
  readonly #job = new BackgroundJob<Run, void>();
  #wanted: 'stop' | 'interrupt' | null = null;
  #progress: RunProgress | null = null;
  #bytesPerImage = 0;
  readonly #waiting = new Set<() => void>();
  /** Resolves when nothing works on the run any more; never rejects. */
  readonly finished: Promise<void>;

  /**
   * Begins to work on a run that is in the database; it continues in the background.
   * @param before the run as it was, restored when it fails before it continued
   */
  constructor(
    context: ServiceContext,
    project: Project,
    id: string,
    dataset: RunDataset,
    before: Pick<RunRecord, 'status' | 'settings'> | null = null,
  ) {
    this.#context = context;
    this.project = project;
    this.#records = runRecords(project);
    this.id = id;
    this.#dataset = dataset;
    this.#before = before;
    this.finished = this.#job.start((signal) => this.#work(signal));
  }

  /** The run as it is now. */
  describe(): Run {
    return toRun(this.project, this.#record, this.#progress);
  }

  get #record(): RunRecord {
    return this.#records.require(this.id);
  }

  get #status(): RunStatus {
    return this.#record.status;
  }

  /** Waits after the current step. @throws AppError TRAINING_NOT_RUNNING */
  async pause(): Promise<void> {
    if (this.#status !== 'training') throw new AppError('TRAINING_NOT_RUNNING', { id: this.id });
    await this.#context.engine.ask((engine) => engine.pause({ run: this.id }));
    await this.#changeFrom('training');
  }

  /** Goes on after a pause. @throws AppError TRAINING_NOT_RUNNING */
  async resume(): Promise<void> {
    if (this.#status !== 'paused') throw new AppError('TRAINING_NOT_RUNNING', { id: this.id });
    await this.#context.engine.ask((engine) => engine.resume({ run: this.id }));
    await this.#changeFrom('paused');
  }

  /** Ends the run and keeps its model; resolves when that is done. */
  async stop(): Promise<void> {
    await this.#end('stop');
  }

  /** Ends the run, leaving a checkpoint to resume from; resolves when that is done. */
  async interrupt(): Promise<void> {
    await this.#end('interrupt');
  }

  async #end(how: 'stop' | 'interrupt'): Promise<void> {
    this.#wanted ??= how;
    const status = this.#status;
    const timer = setTimeout(() => this.#context.engine.kill(), interruptGrace);
    try {
      if (status === 'training' || status === 'paused') {
        const order = (engine: EngineProcess): Promise<void> => engine[how]({ run: this.id });
        // When the engine is just done, or dead, there is nothing left to end.
        await this.#context.engine.ask(order).catch(() => undefined);
      } else this.#job.cancel();
      await this.finished;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param signal ends what is done outside the engine's training: preparing, testing */
  async #work(signal: AbortSignal): Promise<void> {
    // Lets the caller hold the object before the first event about it.
    await Promise.resolve();
    const releases: (() => void)[] = [];
    try {
      releases.push(this.#records.hold(this.id));
      // An engine that was killed may have been writing.
      sweepRun(this.project, this.id);
      const { settings, recipe } = this.#record;
      releases.push(holdTiles(this.project, runTile(findRecipe(recipe), settings)));
      const outcome = await this.#train(signal);
      if (outcome === 'done') await this.#judge(signal);
      this.#set(outcome);
    } catch (error) {
      this.#fail(error);
    } finally {
      for (const release of releases) release();
    }
  }

  async #train(signal: AbortSignal): Promise<'done' | 'stopped' | 'interrupted'> {
    const { settings, recipe } = this.#record;
    this.#set('preparing', null);
    const { tiles, train, validation } = await this.#prepare(runTile(findRecipe(recipe), settings), signal);
    const request = {
      run: this.id,
      folder: runPath(this.project, this.id),
      recipe,
      classes: [...this.#dataset.classes],
      settings,
      backbone: await findWeights(this.#context.settingsFolder, findRecipe(recipe), settings),
      tiles,
      train,
      validation,
      resume: hasCheckpoint(this.project, this.id),
    };
    throwIfCancelled(signal);
    return this.#context.engine.use(async (engine) => {
      for await (const event of await engine.train(request, { signal })) {
        if (event.type === 'done') {
          this.#records.change(this.id, { seconds: event.seconds });
          return event.outcome;
        }
        await this.#handle(event, engine);
      }
      throw new AppError('CANCELLED');
    }, signal);
  }

  #prepare(spec: TileSpec, signal: AbortSignal): Promise<TrainingData> {
    const onProgress = this.#workProgress('preparing images');
    return prepareData(this.project, this.#dataset, spec, { signal, onProgress });
  }

  /** Shows the progress of work outside the epochs. */
  #workProgress(phase: string): (done: number, total: number) => void {
    const progressOf = progressOfWork(phase);
    return (done, total) => {
      const progress = progressOf(done, total);
      if (progress === null) return;
      this.#progress = progress;
      this.#emit();
    };
  }

  async #handle(event: Exclude<TrainEvent, { type: 'done' }>, engine: EngineProcess): Promise<void> {
    switch (event.type) {
      case 'stage': {
        const { params, trainableWeights } = event.summary;
        const { computing } = event;
        this.#bytesPerImage = event.bytesPerImage;
        this.#before = null;
        // The checkpoint is right: it was written before this event.
        this.#records.replaceHistory(this.id, event.history);
        this.#records.change(this.id, { params, trainableWeights, computing });
        this.#set('training');
        if (computing.whyEager !== null) this.#context.log('training runs eagerly', computing.whyEager);
        if (computing.whyExact !== undefined)
          this.#context.log('fast mathematics could not be used', computing.whyExact);
        // The user ended it before the engine trained it.
        if (this.#wanted !== null) await engine[this.#wanted]({ run: this.id }).catch(() => undefined);
        return;
      }
      case 'progress':
        this.#progress = event.progress;
        return this.#emit();
      case 'paused':
        return this.#set('paused');
      case 'resumed':
        return this.#set('training');
      case 'epoch':
        this.#records.addEpoch(this.id, event.epoch, event.seconds);
        this.#context.log(`epoch ${event.epoch.epoch} of ${this.id}, engine's memory`, event.memory);
        return this.#emit();
      case 'checkpoint':
        return;
    }
  }

  /** Fits what makes its probabilities believable, and tests the run once, after its last epoch. */
  async #judge(signal: AbortSignal): Promise<void> {
    if (this.#wanted === 'interrupt') throw new AppError('CANCELLED');
    this.#set('evaluating', null);
    try {
      const onFitted = this.#workProgress('calibrating');
      await calibrateRun(this.#context, this.project, this.id, { signal, onProgress: onFitted });
      if (!this.#dataset.images.some((image) => image[4] === 'test')) return;
      const onProgress = this.#workProgress('testing');
      await evaluateRun(this.#context, this.project, this.id, 'test', { signal, onProgress });
    } catch (error) {
      // Stopped while testing: the training itself is done.
      if (this.#wanted !== 'stop' || !signal.aborted) throw error;
    }
  }

  #fail(thrown: unknown): void {
    try {
      this.#recordFailure(thrown);
    } catch (error) {
      // The run is found as interrupted at the next opening.
      this.#context.log('the end of a run could not be recorded', error);
    }
  }

  #recordFailure(thrown: unknown): void {
    const error = explainRunFailure(thrown, this.project, {
      isWanted: this.#wanted !== null,
      batchSize: this.#record.settings.batchSize,
      bytesPerImage: this.#bytesPerImage,
    });
    if (error.kind === 'cancelled' && this.#before === null) {
      // Stopped before the first step, there is no model to keep.
      const keeps = this.#wanted === 'stop' && existsSync(runModel(this.project, this.id));
      this.#set(keeps ? 'stopped' : 'interrupted');
      return;
    }
    if (error.kind === 'bug') this.#context.log('run failed', thrown);
    if (this.#before !== null) {
      const { status, settings } = this.#before;
      this.#records.change(this.id, {
        error: error.kind === 'cancelled' ? null : error.toData(),
        settings,
      });
      this.#set(status);
      return;
    }
    this.#records.change(this.id, { error: error.toData() });
    this.#set(isFinal(error) ? 'failed' : 'interrupted');
  }

  #set(status: RunStatus, progress: RunProgress | null = this.#progress): void {
    const isOver = !isAtWork(status);
    this.#progress = isOver ? null : progress;
    this.#records.change(this.id, { status });
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    // The end is told once nothing works on the run any more: who hears of it may begin the next one.
    if (!isOver) this.#emit();
  }

  async #changeFrom(status: RunStatus): Promise<void> {
    while (this.#status === status) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #emit(): void {
    this.#context.events.emit({ type: 'run', run: this.describe() });
  }
}
