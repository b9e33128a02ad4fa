/** ONNX Runtime on the processor: computes the frozen parts of networks, and loads exports again to prove them. */
import type * as Onnx from 'onnxruntime-node';
import { AppError } from '../contract/shared/errors.ts';
import type { ModelRuntime } from '../engine/base/model-runtime.ts';
import type { FrozenEngine } from '../engine/base/platform.ts';
import { availableCores } from './available-cores.ts';

/** Says in the environment of the engine's process what is to compute frozen networks. */
export function frozenEngineEnvironment(wanted: FrozenEngine): Readonly<Record<string, string>> {
  return { LENSLET_FROZEN_ENGINE: wanted };
}

/** What is to compute frozen networks, as this process was told. */
export function frozenEngine(): FrozenEngine {
  const wanted = process.env.LENSLET_FROZEN_ENGINE;
  return wanted === 'tensorflow' || wanted === 'onnxruntime' ? wanted : 'auto';
}

/**
 * Loads ONNX Runtime when it is first needed. `LENSLET_ONNX_RUNTIME=off` keeps it out, to compare with.
 * @throws AppError EXPORT_UNPROVEN where it cannot be loaded
 */
export async function loadOnnxRuntime(): Promise<ModelRuntime> {
  let onnx: typeof Onnx;
  try {
    if (process.env.LENSLET_ONNX_RUNTIME === 'off') throw new Error('LENSLET_ONNX_RUNTIME is off');
    onnx = await import('onnxruntime-node');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('EXPORT_UNPROVEN', { reason }, { cause: error });
  }
  return {
    label: `ONNX Runtime ${onnx.env.versions.node ?? onnx.env.versions.common}`,
    async open(bytes) {
      const session = await onnx.InferenceSession.create(bytes, {
        // By itself it counts the machine's cores, not those that a container may use.
        intraOpNumThreads: availableCores(),
        // Threads that wait in a loop would take the cores from photo threads and from TensorFlow.
        extra: { session: { 'intra_op.allow_spinning': '0' } },
        logSeverityLevel: 3,
      });
      return {
        async run(input, shape, pixels, outputs) {
          const type = pixels instanceof Uint8Array ? 'uint8' : 'float32';
          const feeds = { [input]: new onnx.Tensor(type, pixels, shape) };
          const found = await session.run(feeds, outputs);
          return outputs.map((name) => {
            const { dims, data } = found[name];
            return { shape: dims, values: data as Float32Array };
          });
        },
        close: () => session.release(),
      };
    },
  };
}
