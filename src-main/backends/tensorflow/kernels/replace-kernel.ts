import type { KernelFunc, NamedAttrMap, NamedTensorMap, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import type { NodeBackend } from '../native-binding.ts';

/**
 * A kernel as written here: its inputs are there, whatever tfjs's types allow. It computes on the backend it is given:
 * looking a tensor up in another one moves the tensor there.
 */
export type Kernel = (
  backend: NodeBackend,
  inputs: Record<string, TensorInfo>,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[] | null;

/**
 * Puts a kernel in place of the tensorflow backend's own, or adds it. Where it returns null, the one it replaced runs.
 * @throws TypeError when it returns null and there was none
 */
export function replaceKernel(tf: Tf, kernelName: string, kernel: Kernel): void {
  const backendName = 'tensorflow';
  const replaced = tf.getKernelsForBackend(backendName).find((config) => config.kernelName === kernelName);
  const kernelFunc: KernelFunc = (parameters) => {
    const { inputs, attrs = {} } = parameters;
    const backend = parameters.backend as NodeBackend;
    const result = kernel(backend, inputs as Record<string, TensorInfo>, attrs);
    if (result) return result;
    if (!replaced) throw new TypeError(`There is no kernel ${kernelName} for this.`);
    return replaced.kernelFunc(parameters);
  };
  if (replaced) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

/** Runs a kernel by its name, so that gradients flow through it (or fail loudly where it has none). */
export function runKernel<Result>(
  tf: Tf,
  kernelName: string,
  inputs: NamedTensorMap,
  attributes: NamedAttrMap = {},
): Result {
  return tf.engine().runKernel(kernelName, inputs, attributes) as Result;
}
