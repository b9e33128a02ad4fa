import { readFileSync, readdirSync } from 'node:fs';
import type { Backend } from '../engine/base/backend.ts';
import { type BackendCandidate, CandidateRejection } from './candidate.ts';
import { graphSupport } from './tensorflow/graph-support.ts';
import { loadTensorflow, requireRuntime } from './tensorflow-node.ts';

const DRIVER_FOLDER = '/proc/driver/nvidia/gpus';

/** The name of the first GPU, as the driver gives it. */
function gpuName(): string {
  try {
    const [first] = readdirSync(DRIVER_FOLDER);
    const text = readFileSync(`${DRIVER_FOLDER}/${first}/information`, 'utf8');
    return /^Model:\s*(.+)$/m.exec(text)?.[1].trim() ?? 'an NVIDIA GPU';
  } catch {
    return 'an NVIDIA GPU';
  }
}

/** TensorFlow on an NVIDIA GPU. @param base a file from whose place the package is looked for */
export function createTensorflowGpuCandidate(base: string = import.meta.filename): BackendCandidate {
  const id = 'tensorflow-gpu';
  return {
    id,
    label: 'TensorFlow on an NVIDIA GPU',
    async load(): Promise<Backend> {
      const name = '@tensorflow/tfjs-node-gpu';
      requireRuntime(name, id, base);
      const { tf, version } = await loadTensorflow(name, base, ({ usesGpu }) => {
        if (usesGpu) return;
        const remedy = 'Check that nvidia-smi lists it; the driver must be 525.60 or newer.';
        throw new CandidateRejection('TensorFlow sees no NVIDIA GPU.', remedy);
      });
      return {
        id,
        label: `TensorFlow on ${gpuName()}`,
        device: 'gpu',
        version,
        slow: false,
        tf,
        ...graphSupport(tf, 'float32'),
      };
    },
  };
}
