/** What the steps of a stage are: how a batch trains, how the validation images are measured, what a checkpoint holds. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Computing } from '../../contract/app/runs.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Backend, ProgramSet } from '../base/backend.ts';
import { type EvaluationOptions, evaluate } from '../inference/evaluation.ts';
import { createSlots, optimizers } from '../optimizers/index.ts';
import type { Batch } from '../step/batches.ts';
import { type ProgramOptions, evaluateProgram } from '../step/programs.ts';
import type { Stage, StageInput } from './stage.ts';
import {
  type StepPlace,
  type StepResult,
  type TrainStepOptions,
  createTrainStep,
  runTrainStep,
} from './train-step.ts';

/** The steps of a stage, compiled. */
export interface StageSteps {
  /** How they are computed. */
  readonly computing: Computing;
  /** Trains on one batch. */
  train(batch: Batch, at: StepPlace): StepResult;
  /** Mean loss and accuracy over the validation images; null when there are none. @throws AppError CANCELLED */
  validate(
    options: Pick<EvaluationOptions, 'yieldToOthers' | 'signal' | 'onProgress'>,
  ): Promise<{ loss: number; accuracy: number } | null>;
  /** Copies what was trained into the `tf.Variable`s: before they are saved or copied. */
  readVariables(): void;
  /** What a checkpoint holds: weights, optimizer slots, copies of the best weights. */
  readonly variables: readonly tfjs.Variable[];
  /** Copies of the weights after the best epoch are kept. */
  readonly keepsBest: boolean;
  /** Copies the weights as those of the best epoch. */
  keepBest(): void;
  /** Gives the network the weights of the best epoch, where they are kept. */
  restoreBest(): void;
  dispose(): void;
}

/** What the steps of a stage are made of. */
export interface StageStepsOptions {
  readonly backend: Backend;
  readonly stage: Stage;
  readonly settings: RunSettings;
  /** How much an image of each class counts; null: all the same. */
  readonly classWeights: readonly number[] | null;
  /** Everything random in a step is drawn from it and the step's number. */
  readonly seed: number;
}

/**
 * Makes the steps of a stage. The caller disposes of them.
 * @param load fills the variables of a checkpoint before the steps are compiled; null: a fresh beginning
 */
export async function createStageSteps(
  options: StageStepsOptions,
  load: ((variables: readonly tfjs.Variable[]) => Promise<unknown>) | null,
): Promise<StageSteps> {
  const { backend, stage, settings } = options;
  const { tf } = backend;
  const slots = createSlots(backend, optimizers[settings.optimizer], stage.variables);
  const keepsBest = settings.keepBest && stage.validation !== null;
  const best = keepsBest ? stage.weights.map((weight) => copyOf(tf, weight)) : [];
  const own = [...slots.flat(), ...best];
  const variables = [...stage.weights, ...own];
  try {
    await load?.(variables);
  } catch (error) {
    tf.dispose(own);
    throw error;
  }
  const step = createTrainStep(trainStepOptions(options, slots));
  const evaluation = evaluateProgram(programOptions(options, stage.validation ?? stage.train));
  const programs = backend.prepare({ train: step.spec, evaluate: evaluation });
  tf.dispose([...step.spec.exampleInputs, ...evaluation.exampleInputs] as tfjs.Tensor[]);
  return {
    computing: computingOf(programs),
    train: (batch, at) => runTrainStep(backend, programs, step, batch, at),
    validate: async (how) => {
      if (stage.validation === null) return null;
      const { reader, data, classifier } = stage.validation;
      const { classes } = classifier;
      return evaluate({ backend, programs, reader, data, classes, batchSize: settings.batchSize, ...how });
    },
    readVariables: () => programs.readVariables(),
    variables,
    keepsBest,
    keepBest: () => best.forEach((copy, index) => copy.assign(stage.weights[index])),
    restoreBest: () => best.forEach((copy, index) => stage.weights[index].assign(copy)),
    dispose: () => {
      programs.dispose();
      tf.dispose(own);
    },
  };
}

/** A stage's training step, for `createTrainStep`. @param slots one variable per weight for each slot of the optimizer */
export function trainStepOptions(
  options: StageStepsOptions,
  slots: readonly (readonly tfjs.Variable[])[],
): TrainStepOptions {
  const { stage, settings, classWeights, seed } = options;
  return {
    ...programOptions(options, stage.train),
    optimizer: optimizers[settings.optimizer],
    variables: stage.variables,
    slots,
    seed,
    augmenter: stage.train.augmenter,
    classWeights,
    labelSmoothing: settings.labelSmoothing,
    mixup: settings.mixup,
    isPadded: stage.train.data.slots.length % settings.batchSize !== 0,
  };
}

/** How programs are computed, as a run records it. */
export function computingOf({ mode, whyEager, precision, whyExact }: ProgramSet<string>): Computing {
  return { mode, whyEager, precision, ...(whyExact === undefined ? {} : { whyExact }) };
}

/** How a stage's input goes into programs. */
export function programOptions(
  { backend, stage, settings }: Pick<StageStepsOptions, 'backend' | 'stage' | 'settings'>,
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

function copyOf(tf: Backend['tf'], weight: tfjs.Variable): tfjs.Variable {
  return tf.tidy(() => tf.variable(tf.clone(weight), false));
}
