import type { NativeBinding } from '../native-binding.ts';
import type { Constant, Signature } from './trace.ts';
import { NotCompilable } from './trace.ts';

/**
 * A constant from the values that tfjs hands to TensorFlow; they are copied. tfjs passes 64-bit integers as pairs in
 * an `Int32Array`, so bytes are the common form. Throws NotCompilable for strings.
 */
export function constantFromValues(shape: readonly number[], dtype: number, values: unknown): Constant {
  if (!ArrayBuffer.isView(values)) throw new NotCompilable('it makes text tensors');
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  return { kind: 'constant', shape: [...shape], dtype, bytes };
}

/** The typed array that `createTensor` wants for a tensor of this type. Throws NotCompilable for other types. */
export function valuesOfType(
  binding: NativeBinding,
  dtype: number,
  bytes: Uint8Array,
): Float32Array | Int32Array | Uint8Array {
  const { buffer } =
    bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  if (dtype === binding.TF_FLOAT || dtype === binding.TF_COMPLEX64) return new Float32Array(buffer);
  if (dtype === binding.TF_INT32 || dtype === binding.TF_INT64) return new Int32Array(buffer);
  if (dtype === binding.TF_BOOL || dtype === binding.TF_UINT8) return new Uint8Array(buffer);
  throw new NotCompilable(`it uses a tensor of TensorFlow type ${dtype}`);
}

/** Bytes of one element. */
function elementSize(binding: NativeBinding, dtype: number): number {
  if (dtype === binding.TF_BOOL || dtype === binding.TF_UINT8) return 1;
  return dtype === binding.TF_INT64 || dtype === binding.TF_COMPLEX64 ? 8 : 4;
}

/** A new native tensor of zeros. The caller deletes it. */
export function createZeros(binding: NativeBinding, { shape, dtype }: Signature): number {
  const bytes = new Uint8Array(shape.reduce((a, b) => a * b, 1) * elementSize(binding, dtype));
  return binding.createTensor([...shape], dtype, valuesOfType(binding, dtype, bytes));
}

/** The bytes of the one element that all elements equal, or null. Keeps `tf.ones` of a whole activation small. */
export function repeatedElement(binding: NativeBinding, { dtype, bytes }: Constant): Uint8Array | null {
  const size = elementSize(binding, dtype);
  if (bytes.length <= size || size > 4) return null;
  for (let i = size; i < bytes.length; i++) if (bytes[i] !== bytes[i - size]) return null;
  return bytes.slice(0, size);
}
