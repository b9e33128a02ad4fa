import type { Backend } from '../engine/base/backend.ts';
import { fastPrecision } from './fast-math.ts';
import { type BackendCandidate, CandidateRejection } from './candidate.ts';
import { graphSupport } from './tensorflow/graph-support.ts';
import { loadTensorflow, requireRuntime } from './tensorflow-node.ts';

/** TensorFlow on the processor. @param base a file from whose place the package is looked for */
export function createTensorflowCandidate(base: string = import.meta.filename): BackendCandidate {
  const id = 'tensorflow';
  const label = 'TensorFlow on the processor';
  return {
    id,
    label,
    async load(): Promise<Backend> {
      const runtime = requireRuntime('@tensorflow/tfjs-node', id, base);
      // The GPU's library also computes on the processor, if it sees no GPU.
      if (runtime.description?.kind === 'gpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
      const { tf, version } = await loadTensorflow('@tensorflow/tfjs-node', base, ({ usesGpu }) => {
        if (!usesGpu) return;
        throw new CandidateRejection(
          'The GPU is in use already.',
          'Start again with LENSLET_ENGINE=tensorflow.',
        );
      });
      return { id, label, device: 'cpu', version, slow: false, tf, ...graphSupport(tf, fastPrecision()) };
    },
  };
}
