import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute, nodeBackendOf } from '../native-binding.ts';

/**
 * Uniform numbers from a seed tensor. See `Backend.randomUniform`. `StatelessRandomUniform` rather than its `…V2`,
 * whose 64-bit unsigned key and counter tfjs-node cannot hold; both draw from Philox.
 */
export function randomUniform(tf: Tf, shape: readonly number[], seed: Tensor1D): Tensor {
  const backend = nodeBackendOf(tf);
  const { binding } = backend;
  const attributes = [
    typeAttribute(binding, 'dtype', binding.TF_FLOAT),
    typeAttribute(binding, 'T', binding.TF_INT32),
    typeAttribute(binding, 'Tseed', binding.TF_INT32),
  ];
  return tf.tidy(() => {
    const size = tf.tensor1d([...shape], 'int32');
    return runOperation(backend, 'StatelessRandomUniform', attributes, [size, seed])[0];
  });
}
