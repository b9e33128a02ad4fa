/** Tensors as bytes: float32 values one after another, little-endian, as every platform we run on stores them. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from './backend.ts';
import { concatBytes } from '../../core/files/storage.ts';

/** The values of variables, one after another. */
export async function variablesToBytes(variables: readonly tfjs.Variable[]): Promise<Uint8Array> {
  const values = await Promise.all(variables.map((variable) => variable.data<'float32'>()));
  return concatBytes(values.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)));
}

/** Number of bytes of the variables' values. */
export function variableBytes(variables: readonly tfjs.Variable[]): number {
  return variables.reduce((sum, variable) => sum + variable.size * 4, 0);
}

/** Assigns values written by `variablesToBytes`; the lengths must agree. */
export function bytesToVariables(tf: Tf, bytes: Uint8Array, variables: readonly tfjs.Variable[]): void {
  // A copy, because the bytes may begin at an address that float32 cannot be read from.
  const values = new Float32Array(bytes.slice().buffer);
  let offset = 0;
  for (const variable of variables) {
    const part = values.slice(offset, offset + variable.size);
    const tensor = tf.tensor(part, variable.shape, 'float32');
    variable.assign(tensor);
    tensor.dispose();
    offset += variable.size;
  }
}
