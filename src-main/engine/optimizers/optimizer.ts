/** Optimizers as plain programs over `tf.Variable`s, so that their state can be saved and compiled. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Backend } from '../base/backend.ts';

/** Inputs of a step besides the gradients: inputs of the program, so that they can change without a new trace. */
export interface StepScalars {
  readonly learningRate: tfjs.Scalar;
  /** Which step this is, counted from 1; float32. */
  readonly step: tfjs.Scalar;
}

/** One update rule. */
export interface Optimizer {
  readonly id: string;
  /** Names of the slot kept for every weight, e.g. the running mean of squared gradients. */
  readonly slots: readonly string[];
  /**
   * Updates weights and slots in place. Part of a traced program: offers each update to `backend.fuseUpdate` and
   * does the arithmetic itself where that is refused.
   * @param slots per slot name, one variable per weight
   */
  update(
    backend: Backend,
    weights: readonly tfjs.Variable[],
    slots: readonly (readonly tfjs.Variable[])[],
    gradients: readonly tfjs.Tensor[],
    scalars: StepScalars,
  ): void;
}

/** Makes the slots of an optimizer, all zero, in the order of `optimizer.slots`. The caller disposes of them. */
export function createSlots(
  { tf }: Backend,
  optimizer: Optimizer,
  weights: readonly tfjs.Variable[],
): tfjs.Variable[][] {
  const slot = (weight: tfjs.Variable): tfjs.Variable =>
    tf.tidy(() => tf.variable(tf.zeros(weight.shape), false));
  return optimizer.slots.map(() => weights.map(slot));
}
