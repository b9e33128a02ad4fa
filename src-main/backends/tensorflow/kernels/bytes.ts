import type { DataType, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute, nodeBackendOf } from '../native-binding.ts';
import { replaceKernel } from './replace-kernel.ts';

/** A tensor of bytes, `int32` to tfjs. See `Backend.bytes`. */
export function createBytes(tf: Tf, values: Uint8Array, shape: readonly number[]): Tensor {
  const backend = nodeBackendOf(tf);
  const dtype = backend.binding.TF_UINT8;
  const id = backend.binding.createTensor([...shape], dtype, values);
  return backend.createOutputTensor({ id, shape: [...shape], dtype });
}

/** Lets `tf.cast` read tensors of bytes; tfjs-node takes them for 32-bit integers. */
export function registerCast(tf: Tf): void {
  replaceKernel(tf, 'Cast', (backend, { x }, { dtype }) => {
    const { binding } = backend;
    if (backend.tensorMap.get(x.dataId)?.dtype !== binding.TF_UINT8) return null;
    const types = [
      typeAttribute(binding, 'SrcT', binding.TF_UINT8),
      typeAttribute(binding, 'DstT', backend.getDTypeInteger(dtype as DataType)),
    ];
    return runOperation(backend, 'Cast', types, [x])[0];
  });
}
