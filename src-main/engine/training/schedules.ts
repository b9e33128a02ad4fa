/** How the learning rate changes while a stage of training runs. */
import type { ScheduleId } from '../../contract/shared/training-settings.ts';

/** What a schedule is about. */
export interface ScheduleOptions {
  readonly schedule: ScheduleId;
  /** The largest rate. */
  readonly learningRate: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  /** Epochs over which the rate rises linearly from nothing. */
  readonly warmupEpochs: number;
}

/** A third of the epochs keep the rate; it falls to a tenth after each of the first two thirds. */
const stepFactor = 0.1;
const stepParts = 3;

/**
 * The learning rate of a step, counted from 0.
 * Warm-up: `rate · (step + 1) / warmup steps`. Then constant; or a tenth after each third; or
 * `rate · (1 + cos(π · share done)) / 2`.
 * @see Loshchilov and Hutter, SGDR (2017) for the cosine; Goyal et al. (2017) for the warm-up
 */
export function learningRateAt(step: number, options: ScheduleOptions): number {
  const { schedule, learningRate, stepsPerEpoch, epochs, warmupEpochs } = options;
  const total = stepsPerEpoch * epochs;
  const warmup = Math.min(total, Math.round(warmupEpochs * stepsPerEpoch));
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'step':
      return learningRate * stepFactor ** Math.min(stepParts - 1, Math.floor(done * stepParts));
    case 'cosine':
      return (learningRate * (1 + Math.cos(Math.PI * done))) / 2;
  }
}
