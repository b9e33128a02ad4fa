/** Options, events and outcome of a training run. */
import type { MemoryStats } from '../../contract/engine/engine.ts';
import type { Computing, Epoch, RunProgress } from '../../contract/app/runs.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Backend } from '../base/backend.ts';
import type { StagePlan } from './stage.ts';
import type { Storage } from '../../core/files/storage.ts';
import type { TrainControl } from './train-control.ts';

/** Events of the loop while it runs. */
export interface TrainListener {
  /** A stage begins: after the first one the weights that train may be others. */
  stage(about: { name: string; history: readonly Epoch[]; computing: Computing }): void;
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
