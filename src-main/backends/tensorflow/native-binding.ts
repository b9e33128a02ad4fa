import type { DataType, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding.js';
import type { Tf } from '../../engine/base/backend.ts';

export type NativeBinding = TFJSBinding;
export type NativeAttribute = TFEOpAttr;
export type NativeOutput = TensorMetadata;

/** What tfjs-node keeps about a tensor: where its data is, and the type it has in TensorFlow. */
export interface NativeTensor {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly id: number;
}

/** The parts of tfjs-node's backend object that this folder uses (some are declared private there). */
export interface NodeBackend {
  /** Replaceable: every kernel of tfjs-node goes through this property. */
  binding: NativeBinding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: object): NativeTensor | undefined };
  /** TensorFlow's number for a tfjs type. */
  getDTypeInteger(dtype: DataType): number;
  /** Ids of the tensors in TensorFlow; uploads those that have only been written in JavaScript. */
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  /** A tfjs tensor for an output of TensorFlow; the current `tf.tidy` owns it. */
  createOutputTensor(output: NativeOutput): Tensor;
}

/** The running tfjs-node backend of this `tf`. Throws when another backend is active: a mistake of the caller. */
export function nodeBackendOf(tf: Tf): NodeBackend {
  const backend: unknown = tf.findBackend('tensorflow');
  if (!backend || typeof backend !== 'object' || !('binding' in backend)) {
    throw new TypeError('The tensorflow backend is not loaded.');
  }
  return backend as NodeBackend;
}

/** The attribute that names an op's element type. */
export function typeAttribute(binding: NativeBinding, name: string, value: number): NativeAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value };
}

/** Runs one TensorFlow operation on tfjs tensors. */
export function runOperation(
  backend: NodeBackend,
  name: string,
  attributes: NativeAttribute[],
  inputs: readonly TensorInfo[],
  outputs = 1,
): Tensor[] {
  const ids = backend.getInputTensorIds(inputs);
  return backend.binding
    .executeOp(name, attributes, ids, outputs)
    .map((output) => backend.createOutputTensor(output));
}
