import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute, type NativeAttribute, type NodeBackend } from '../native-binding.ts';
import { replaceKernel } from './replace-kernel.ts';

/** Whether adding `b` to `a` adds one number to each channel. */
function isBias(a: TensorInfo, b: TensorInfo): boolean {
  const [channels] = b.shape;
  return (
    a.shape.length >= 2 && b.shape.length === 1 && channels > 1 && a.shape[a.shape.length - 1] === channels
  );
}

/**
 * Adds biases with `BiasAdd` and sums per channel with `BiasAddGrad`: what TensorFlow fuses into the convolution
 * before and its gradient.
 */
export function registerBias(tf: Tf): void {
  const floats = ({ binding }: NodeBackend): NativeAttribute[] => [
    typeAttribute(binding, 'T', binding.TF_FLOAT),
  ];
  replaceKernel(tf, 'Add', (backend, { a, b }) => {
    if (a.dtype !== 'float32' || b.dtype !== 'float32' || !isBias(a, b)) return null;
    return runOperation(backend, 'BiasAdd', floats(backend), [a, b])[0];
  });
  replaceKernel(tf, 'Sum', (backend, { x }, { axis, keepDims }) => {
    const rank = x.shape.length;
    if (x.dtype !== 'float32' || rank < 2 || keepDims || x.shape.includes(0)) return null;
    const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
    const allButLast = axes.length === rank - 1 && !axes.includes(rank - 1);
    return allButLast ? runOperation(backend, 'BiasAddGrad', floats(backend), [x])[0] : null;
  });
}
