/** The numbers of HDF5 datasets, whatever their type, as 32-bit floats. */
import type * as h5wasm from 'h5wasm';
import { AppError } from '../../contract/shared/errors.ts';

/** HDF5's classes of types. */
const integers = 0;
const floats = 1;
const opaque = 5;
const enumeration = 8;

/**
 * Reads a dataset. Half precision comes as floats of two bytes (float16), or as two bytes that HDF5 knows nothing about
 * (bfloat16).
 * @param name of the dataset, for messages
 * @param path of the file, for messages
 * @throws AppError MODEL_FILE_INVALID for types that are not numbers; Error when the file is damaged
 */
export function numbersOf(dataset: h5wasm.Dataset, name: string, path: string): Float32Array {
  const { type, size, littleEndian, total_size: count } = dataset.metadata;
  const known = type === integers || type === enumeration || (type === floats && size >= 4 && size <= 8);
  const half = size === 2 && (type === floats || type === opaque);
  if (!(known || half) || (type !== opaque && size > 1 && !littleEndian)) {
    const kind = type === floats ? 'floats' : type === integers ? 'integers' : 'values of an unknown type';
    const reason = `its weight ${name} has ${kind} of ${size} bytes${littleEndian ? '' : ', the highest first'}`;
    throw new AppError('MODEL_FILE_INVALID', { path, reason });
  }
  const numbers = half ? fromHalf(rawBytes(dataset), type === floats) : toFloats(dataset.value);
  if (numbers.length !== count) throw new RangeError(`${numbers.length} numbers of ${count}`);
  return numbers;
}

/** The bytes as they lie in the file: the library gives those of types that it does not know. */
function rawBytes(dataset: h5wasm.Dataset): Uint8Array {
  const metadata = { ...dataset.metadata, type: opaque };
  const unknown = Object.create(dataset, { metadata: { value: metadata } }) as h5wasm.Dataset;
  return unknown.value as Uint8Array;
}

function toFloats(value: unknown): Float32Array {
  if (value instanceof Float32Array) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return Float32Array.of(Number(value));
  if (ArrayBuffer.isView(value) || Array.isArray(value))
    return Float32Array.from(value as ArrayLike<number | bigint>, Number);
  throw new TypeError(`no numbers but ${typeof value}`);
}

function fromHalf(bytes: Uint8Array, ieee: boolean): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float32Array(bytes.byteLength / 2);
  // bfloat16 is the upper half of a float32.
  const upper = new Uint32Array(numbers.buffer);
  for (let i = 0; i < numbers.length; i++) {
    const bits = view.getUint16(2 * i, true);
    if (ieee) numbers[i] = float16(bits);
    else upper[i] = bits << 16;
  }
  return numbers;
}

/** A float16: a sign, five bits of exponent, ten of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}
