import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { Backend } from '../../../../../src-main/engine/base/backend.ts';
import { adam, adamWithDecay, rmsprop, sgd } from '../../../../../src-main/engine/optimizers/index.ts';

/** Update rules in the backend's terms, with the plain arithmetic where it does nothing. */
export type Rule = 'gradient-descent' | 'momentum' | 'nesterov' | 'rms-prop' | 'adam' | 'adamw';
export const rules: readonly Rule[] = [
  'gradient-descent',
  'momentum',
  'nesterov',
  'rms-prop',
  'adam',
  'adamw',
];

const momentum = 0.9;

/** Those that Lenslet trains with. AdamW decays as much as the fixtures' does. */
const ours = { momentum: sgd, 'rms-prop': rmsprop, adam, adamw: adamWithDecay(0.01) } as const;

/** What one step of a rule works on. */
export interface Step {
  readonly variable: Variable;
  readonly gradient: Tensor;
  readonly learningRate: Scalar;
  /** Counted from 1. */
  readonly step: Scalar;
  readonly slots: readonly [Variable, Variable];
}

/** Updates a weight by Keras' formulas (`FusedUpdate`), natively where the backend can. */
export function applyRule(
  backend: Backend,
  rule: Rule,
  { step, slots: [first, second], ...common }: Step,
): void {
  const { tf } = backend;
  const { variable, gradient, learningRate } = common;
  switch (rule) {
    case 'gradient-descent': {
      if (backend.fuseUpdate?.({ ...common, kind: rule })) return;
      variable.assign(tf.sub(variable, tf.mul(learningRate, gradient)));
      return;
    }
    case 'nesterov': {
      if (backend.fuseUpdate?.({ ...common, kind: 'momentum', velocity: first, momentum, nesterov: true }))
        return;
      const change = tf.mul(learningRate, gradient);
      first.assign(tf.sub(tf.mul(first, momentum), change));
      variable.assign(tf.add(variable, tf.sub(tf.mul(first, momentum), change)));
      return;
    }
    case 'momentum':
    case 'rms-prop':
    case 'adam':
    case 'adamw': {
      const optimizer = ours[rule];
      const slots = optimizer.slots.map((_, index) => [index === 0 ? first : second]);
      optimizer.update(backend, [variable], slots, [gradient], { learningRate, step });
    }
  }
}
