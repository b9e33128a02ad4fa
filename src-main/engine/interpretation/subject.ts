/** What every way of looking works on, and with. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Backend } from '../base/backend.ts';
import { preprocess } from '../step/preprocessing.ts';
import type { Network } from '../network/network.ts';

/** A network that is looked into. */
export interface Subject {
  readonly backend: Backend;
  readonly network: Network;
  readonly preprocessing: Preprocessing;
  /** Side of the square images it is used with. */
  readonly imageSize: number;
  readonly channels: 1 | 3;
  /** Number of classes; a single sigmoid output is two. 0 for a network without a classifier. */
  readonly classes: number;
}

/** What long work needs besides. */
export interface Work {
  /** Resolves after waiting messages have been handled and a training step has had its turn. */
  readonly yieldToOthers: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Between two pieces of work: others first. @throws AppError CANCELLED */
export async function pause(work: Work): Promise<void> {
  throwIfCancelled(work.signal);
  await work.yieldToOthers();
  throwIfCancelled(work.signal);
}

/** Pixels as the network wants them. Part of traced programs. @param pixels 0–255, any number type */
export function toInput({ backend, preprocessing }: Subject, pixels: tfjs.Tensor): tfjs.Tensor4D {
  return preprocess(backend.tf, pixels, preprocessing);
}

/** Photos as a float tensor `[count, size, size, channels]` of 0–255. The caller disposes of it. */
export function photoTensor({ backend, imageSize, channels }: Subject, pixels: Uint8Array): tfjs.Tensor4D {
  const count = pixels.length / (imageSize * imageSize * channels);
  return backend.tf.tensor4d(Float32Array.from(pixels), [count, imageSize, imageSize, channels]);
}

/** Reads tensors and disposes of them. */
export function readAll(tensors: readonly tfjs.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => {
    const values = Float32Array.from(tensor.dataSync());
    tensor.dispose();
    return values;
  });
}
