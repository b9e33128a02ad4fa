import type { Tensor } from '@tensorflow/tfjs';
import type { FusedUpdate } from '../../../engine/base/backend.ts';
import { typeAttribute, type NativeBinding } from '../native-binding.ts';
import type { Scratch, Value, Write } from './trace.ts';

/**
 * The native operation for one optimizer step: `ResourceApplyGradientDescent`, `…KerasMomentum`, `…RMSProp`,
 * `…Adam`. Their formulas are those of `FusedUpdate` (TensorFlow, core/kernels/training_ops.cc).
 */
export function fusedWrite(
  binding: NativeBinding,
  update: FusedUpdate,
  toValue: (tensor: Tensor) => Value,
): Write {
  const constant = (value: number): Value => ({
    kind: 'constant',
    shape: [],
    dtype: binding.TF_FLOAT,
    bytes: new Uint8Array(new Float32Array([value]).buffer),
  });
  const attributes = [typeAttribute(binding, 'T', binding.TF_FLOAT)];
  const { variable } = update;
  const gradient = toValue(update.gradient);
  const rate = toValue(update.learningRate);

  switch (update.kind) {
    case 'gradient-descent': {
      return {
        name: 'ResourceApplyGradientDescent',
        attributes,
        targets: [variable],
        operands: [rate, gradient],
      };
    }
    case 'momentum': {
      const nesterov = { name: 'use_nesterov', type: binding.TF_ATTR_BOOL, value: update.nesterov };
      return {
        name: 'ResourceApplyKerasMomentum',
        attributes: [...attributes, nesterov],
        targets: [variable, update.velocity],
        operands: [rate, gradient, constant(update.momentum)],
      };
    }
    case 'rms-prop': {
      // The operation insists on a momentum slot. With momentum 0 nothing of it is carried from step to step.
      const momentum: Scratch = { kind: 'scratch', shape: variable.shape, dtype: binding.TF_FLOAT };
      return {
        name: 'ResourceApplyRMSProp',
        attributes,
        targets: [variable, update.meanSquare, momentum],
        operands: [rate, constant(update.rho), constant(0), constant(update.epsilon), gradient],
      };
    }
    case 'adam': {
      const { beta1, beta2, epsilon } = update;
      return {
        name: 'ResourceApplyAdam',
        attributes,
        targets: [variable, update.mean, update.meanSquare],
        operands: [
          toValue(update.beta1Power),
          toValue(update.beta2Power),
          rate,
          constant(beta1),
          constant(beta2),
          constant(epsilon),
          gradient,
        ],
      };
    }
  }
}
