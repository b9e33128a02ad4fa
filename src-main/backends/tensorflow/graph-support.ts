import type { Backend, Precision, Tf } from '../../engine/base/backend.ts';
import { prepareGraph } from './graph/prepare-graph.ts';
import { fuseUpdate } from './graph/recorder.ts';
import { createBytes } from './kernels/bytes.ts';
import { randomUniform } from './kernels/random-uniform.ts';
import { registerKernels } from './kernels/register-kernels.ts';

/**
 * What TensorFlow can do beyond tfjs; the other half of a candidate's `Backend`. tfjs-node has to be loaded.
 * @param precision of convolutions in graphs
 */
export function graphSupport(
  tf: Tf,
  precision: Precision,
): Required<Pick<Backend, 'prepare' | 'precision' | 'fuseUpdate' | 'randomUniform' | 'bytes'>> {
  registerKernels(tf);
  return {
    precision,
    prepare: (programs) => prepareGraph(tf, programs, precision),
    fuseUpdate: (update) => fuseUpdate(tf, update),
    randomUniform: (shape, seed) => randomUniform(tf, shape, seed),
    bytes: (values, shape) => createBytes(tf, values, shape),
  };
}
