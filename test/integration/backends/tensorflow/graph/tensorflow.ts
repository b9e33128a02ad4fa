import { createTensorflowCandidate } from '../../../../../src-main/backends/tensorflow.ts';
import type { Backend } from '../../../../../src-main/engine/base/backend.ts';

/** TensorFlow on the processor, which has all that a backend may have. */
export async function loadTensorflow(): Promise<Required<Backend>> {
  const backend = await createTensorflowCandidate().load();
  const { fuseUpdate, randomUniform, bytes } = backend;
  if (!fuseUpdate || !randomUniform || !bytes)
    throw new TypeError('The candidate does not offer everything.');
  return { ...backend, fuseUpdate, randomUniform, bytes };
}
