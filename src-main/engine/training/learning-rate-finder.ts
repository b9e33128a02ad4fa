/** Finds a learning rate: one step at each of many rates, from tiny to large, while the loss is watched. */
import type * as tfjs from '@tensorflow/tfjs';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import { readBatch, shuffledSchedule } from '../step/batches.ts';
import { createSlots, optimizers } from '../optimizers/index.ts';
import { type StageStepsOptions, trainStepOptions } from './stage-steps.ts';
import { createTrainStep, runTrainStep } from './train-step.ts';

/** The rates that are tried. */
const smallestRate = 1e-7;
const largestRate = 1;
const tries = 100;
/** The loss is smoothed: `s ← 0.9·s + 0.1·loss`, corrected for its beginning at zero. */
const smoothing = 0.9;
/** So much above the lowest loss, training has come apart. */
const blowUp = 4;

/** One try. */
export interface RatePoint {
  readonly learningRate: number;
  /** Smoothed. */
  readonly loss: number;
}

/** What the finder works with: the steps of a stage, and what else has its turn between them. */
export interface FinderOptions extends Omit<StageStepsOptions, 'seed'> {
  readonly yieldToOthers: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  readonly onPoint: (point: RatePoint) => void;
}

/** The rate of a try, counted from 0: evenly spaced on a logarithmic scale. */
export function rateOfTry(index: number): number {
  return smallestRate * (largestRate / smallestRate) ** (index / (tries - 1));
}

/**
 * Tries the rates. Changes the weights; the caller throws the network away.
 * @see Smith, Cyclical Learning Rates for Training Neural Networks (2017)
 * @throws AppError CANCELLED
 */
export async function tryLearningRates(options: FinderOptions): Promise<RatePoint[]> {
  const { backend, stage, settings } = options;
  const { batchSize, seed } = settings;
  const { reader, data } = stage.train;
  const { tf } = backend;
  const slots = createSlots(backend, optimizers[settings.optimizer], stage.variables);
  const step = createTrainStep(trainStepOptions({ ...options, seed }, slots));
  const programs = backend.prepare({ train: step.spec });
  tf.dispose(step.spec.exampleInputs as tfjs.Tensor[]);
  const schedule = shuffledSchedule(data.slots.length, batchSize, seed);
  const points: RatePoint[] = [];
  let mean = 0;
  try {
    for (let index = 0; index < tries; index++) {
      throwIfCancelled(options.signal);
      const batch = await readBatch(reader, data, schedule.batch(index), batchSize);
      const learningRate = rateOfTry(index);
      const at = { learningRate, step: index, update: index + 1 };
      const loss = runTrainStep(backend, programs, step, batch, at).lossSum / batch.count;
      mean = smoothing * mean + (1 - smoothing) * loss;
      const point = { learningRate, loss: mean / (1 - smoothing ** (index + 1)) };
      if (!Number.isFinite(point.loss)) break;
      points.push(point);
      options.onPoint(point);
      if (point.loss > blowUp * Math.min(...points.map((other) => other.loss))) break;
      await options.yieldToOthers();
    }
    return points;
  } finally {
    programs.dispose();
    tf.dispose(slots.flat());
  }
}

/** Points at both ends that say little: the smoothing has just begun, training comes apart. */
const ignoredStart = 10;
const ignoredEnd = 5;

/** The rate at which the loss falls most steeply on the logarithmic scale; null when it never falls. */
export function suggestRate(points: readonly RatePoint[]): number | null {
  let steepest = 0;
  let suggestion: number | null = null;
  for (let index = ignoredStart; index < points.length - ignoredEnd; index++) {
    const slope = (points[index + 1].loss - points[index - 1].loss) / 2;
    if (slope >= steepest) continue;
    steepest = slope;
    suggestion = points[index].learningRate;
  }
  return suggestion;
}
