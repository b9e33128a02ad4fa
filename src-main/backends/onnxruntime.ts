/** ONNX Runtime on the processor: loads exports again to prove them. */
import type * as Onnx from 'onnxruntime-node';
import { AppError } from '../contract/shared/errors.ts';
import type { OnnxRuntime } from '../engine/base/onnx-runtime.ts';

/** Loads ONNX Runtime when it is first needed. @throws AppError EXPORT_UNPROVEN where it cannot be loaded */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  let onnx: typeof Onnx;
  try {
    onnx = await import('onnxruntime-node');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('EXPORT_UNPROVEN', { reason }, { cause: error });
  }
  return {
    label: `ONNX Runtime ${onnx.env.versions.node ?? onnx.env.versions.common}`,
    async open(bytes) {
      const session = await onnx.InferenceSession.create(bytes, { logSeverityLevel: 3 });
      return {
        async run(input, shape, pixels, outputs) {
          const feeds = { [input]: new onnx.Tensor('uint8', pixels, shape) };
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
