import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { Backend } from '../../../src-main/engine/backend.ts';

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

const rho = 0.9;
const beta1 = 0.9;
const beta2 = 0.999;
const momentum = 0.9;
const epsilon = 1e-7;
const weightDecay = 0.01;

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
    case 'momentum':
    case 'nesterov': {
      const nesterov = rule === 'nesterov';
      if (backend.fuseUpdate?.({ ...common, kind: 'momentum', velocity: first, momentum, nesterov })) return;
      const change = tf.mul(learningRate, gradient);
      first.assign(tf.sub(tf.mul(first, momentum), change));
      variable.assign(tf.add(variable, nesterov ? tf.sub(tf.mul(first, momentum), change) : first));
      return;
    }
    case 'rms-prop': {
      if (backend.fuseUpdate?.({ ...common, kind: rule, meanSquare: first, rho, epsilon })) return;
      first.assign(tf.add(tf.mul(first, rho), tf.mul(tf.square(gradient), 1 - rho)));
      variable.assign(
        tf.sub(variable, tf.div(tf.mul(learningRate, gradient), tf.sqrt(tf.add(first, epsilon)))),
      );
      return;
    }
    case 'adam':
    case 'adamw': {
      // AdamW shrinks the weights first: an assignment before a native update.
      if (rule === 'adamw')
        variable.assign(tf.sub(variable, tf.mul(variable, tf.mul(learningRate, weightDecay))));
      const powers = {
        beta1Power: tf.pow(beta1, step).asScalar(),
        beta2Power: tf.pow(beta2, step).asScalar(),
      };
      const slots = { mean: first, meanSquare: second };
      if (backend.fuseUpdate?.({ ...common, ...slots, ...powers, kind: 'adam', beta1, beta2, epsilon }))
        return;
      first.assign(tf.add(first, tf.mul(tf.sub(gradient, first), 1 - beta1)));
      second.assign(tf.add(second, tf.mul(tf.sub(tf.square(gradient), second), 1 - beta2)));
      const correction = tf.div(tf.sqrt(tf.sub(1, powers.beta2Power)), tf.sub(1, powers.beta1Power));
      const change = tf.div(
        tf.mul(tf.mul(learningRate, correction), first),
        tf.add(tf.sqrt(second), epsilon),
      );
      variable.assign(tf.sub(variable, change));
    }
  }
}
