/** Numbers of results as text: float32, little-endian, in base64. */
import { endianness } from 'node:os';

function swapped(bytes: Buffer): Buffer {
  return endianness() === 'LE' ? bytes : bytes.swap32();
}

/** Numbers as base64. */
export function encodeValues(values: Float32Array): string {
  const own = Buffer.from(values.slice().buffer);
  return swapped(own).toString('base64');
}

/** Numbers of a result; null unless there are as many as wanted and all are finite. */
export function decodeValues(values: string | readonly number[], length: number): Float32Array | null {
  const numbers = typeof values === 'string' ? fromBase64(values) : Float32Array.from(values);
  return numbers !== null && numbers.length === length && numbers.every(Number.isFinite) ? numbers : null;
}

function fromBase64(text: string): Float32Array | null {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.byteLength % 4 !== 0) return null;
  // A copy: the buffers of Node begin anywhere.
  const own = swapped(Buffer.from(bytes));
  const aligned = new Uint8Array(own).buffer;
  return new Float32Array(aligned);
}
